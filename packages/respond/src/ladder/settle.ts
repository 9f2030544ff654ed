import type { Known, LadderInputs } from './inputs.ts'
import { softestSufficientAt } from './overlays.ts'
import { rowFor, stepsFor, traitsOf } from './traits.ts'

/** The inputs that may be unknown, with an answer for each. */
export type Answers = {
  readonly isLive: boolean
  readonly isRestartable: boolean
  readonly harm: { readonly speed: 'fast' | 'slow'; readonly isReversible: boolean }
  readonly reach: 'inside' | 'neighbour' | 'host'
}

/** The answers that are worked with. Each assumption that another answer would have made a difference to is in words. */
export type Settled = Answers & { readonly assumptions: readonly string[] }

type Field = 'isLive' | 'isRestartable' | 'speed' | 'isReversible' | 'reach'
type Flat = {
  readonly isLive: boolean
  readonly isRestartable: boolean
  readonly speed: 'fast' | 'slow'
  readonly isReversible: boolean
  readonly reach: Answers['reach']
}

const WORDS: Readonly<Record<Field, string>> = {
  isLive: 'whether it serves anybody is not known: taken as live',
  isRestartable: 'whether it may be restarted is not known: taken as not restartable',
  speed: 'how fast the harm grows is not known: taken as fast',
  isReversible: 'whether the harm can be undone is not known: taken as lasting',
  reach: 'how far the escape came is not known: taken as beyond its own pod',
}

/**
 * Replaces each `unknown` by whatever keeps harm and loss smallest: that people are served, that it may not be restarted,
 * that harm is fast and stays, that an escape went further than was seen.
 */
export function settle(inputs: LadderInputs): Settled {
  const possible = possibleAnswers(inputs)
  const fields = (Object.keys(WORDS) as Field[]).filter((field) => possible[field].length > 1) // the keys of a record of fields
  const assumed = answersOf(firstOf(possible))
  return { ...assumed, assumptions: mattering(inputs, possible, fields).map((field) => WORDS[field]) }
}

type Possible = { readonly [Name in Field]: readonly [Flat[Name], ...Flat[Name][]] }

/** Every answer that each input may have; the one that is assumed stands first. */
function possibleAnswers({ isLive, isRestartable, harm, reach }: LadderInputs): Possible {
  const of = <T>(value: Known<T>, ...all: readonly [T, ...T[]]): readonly [T, ...T[]] =>
    value === 'unknown' ? all : [value as T] // what is not unknown is an answer
  return {
    isLive: of(isLive, true, false),
    isRestartable: of(isRestartable, false, true),
    speed: of(harm.speed, 'fast', 'slow'),
    isReversible: of(harm.isReversible, false, true),
    reach: of(reach, 'neighbour', 'inside', 'host'),
  }
}

/** Unknown inputs of which one answer rather than another would have given another row, rung or clock, the others as they may be. */
function mattering(inputs: LadderInputs, possible: Possible, fields: readonly Field[]): readonly Field[] {
  if (fields.length === 0) return []
  // At most 48 combinations of two answers each, three for the reach.
  const all = combinations(possible).map((flat) => ({ flat, answer: answerFor(inputs, answersOf(flat)) }))
  return fields.filter((field) => {
    const byRest = Map.groupBy(all, ({ flat }) => JSON.stringify({ ...flat, [field]: undefined }))
    return [...byRest.values()].some((same) => new Set(same.map(({ answer }) => answer)).size > 1)
  })
}

function answerFor(inputs: LadderInputs, answers: Answers): string {
  const traits = traitsOf(inputs, answers)
  const row = rowFor(traits)
  // Where a row has no deadline the clock is for show.
  const clock = row.deadline === 'clock' ? traits.clock : ''
  return JSON.stringify([row.number, clock, stepsFor(row, traits), softestSufficientAt(inputs, answers.reach)])
}

function combinations(possible: Possible): readonly Flat[] {
  return possible.isLive.flatMap((isLive) =>
    possible.isRestartable.flatMap((isRestartable) =>
      possible.speed.flatMap((speed) =>
        possible.isReversible.flatMap((isReversible) =>
          possible.reach.map((reach) => ({ isLive, isRestartable, speed, isReversible, reach })),
        ),
      ),
    ),
  )
}

function firstOf({ isLive, isRestartable, speed, isReversible, reach }: Possible): Flat {
  return {
    isLive: isLive[0],
    isRestartable: isRestartable[0],
    speed: speed[0],
    isReversible: isReversible[0],
    reach: reach[0],
  }
}

function answersOf({ isLive, isRestartable, speed, isReversible, reach }: Flat): Answers {
  return { isLive, isRestartable, harm: { speed, isReversible }, reach }
}
