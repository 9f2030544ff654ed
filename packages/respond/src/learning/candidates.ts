import type { Event, IncidentType } from '@holdfast/model'

import { LEAST_REPEATS, MAX_CANDIDATES, MAX_PAIRED, MAX_SPAN_HOURS, SPAN_HOURS } from './limits.ts'
import { ruleText } from './rule-text.ts'
import { comparableShape, shapeKey, type ShapeOptions, shapesOf, type StepShape } from './shape.ts'

/** A rule that the chain suggests: what it is met by, and how early in the chain that is. */
export type Candidate = {
  /** Folder name of the rule, the same for the same incident and shape. */
  readonly name: string
  /** Number of the event of the chain that completes it, from 0. */
  readonly at: number
  /** `source`: it speaks of who writes to what the agent reads, and of what comes in; `act`: of what the agent does. */
  readonly about: 'source' | 'act'
  /** In our words. */
  readonly words: string
  /** The rule file. */
  readonly text: string
  /**
   * A rule that is met wherever this one could have been: by events of the same kinds of the same agents, in their order, of a text
   * by one that was captured. Where it meets nothing ordinary, that the rule does not either says nothing.
   */
  readonly comparable: { readonly name: string; readonly text: string }
  /** It says what is ordinary by the past that {@link CandidateOptions.keys} were read from: only another part of it is a trial. */
  readonly isOfPast: boolean
}

export type CandidateOptions = ShapeOptions & {
  readonly incident: string
  readonly type: IncidentType
  /** Which case an event is of; a rule is held against one at a time, and meets nothing across two. One case unless told. */
  readonly caseOf?: (event: Event) => string
}

type Step = { readonly at: number; readonly event: Event; readonly shape: StepShape; readonly case: string }

/**
 * Rules that would have met the chain, the earliest first; of one step the plainest first: the step alone, its repetition, its
 * order behind an earlier one. They hold names of interfaces and classes, never what was said or given, so that other words and
 * values meet them as well. Whether one of them meets what the agent ordinarily does is for the caller to try.
 */
export function candidatesOf(chain: readonly Event[], options: CandidateOptions): readonly Candidate[] {
  const { caseOf = () => '' } = options
  const steps = chain.flatMap((event, at): readonly Step[] =>
    shapesOf(event, { ...options, calledNext: () => calledAfter(chain, at) }).map((shape) => ({
      at,
      event,
      shape,
      case: caseOf(event),
    })),
  )
  const found = new Map<string, Candidate>()
  for (const [i, step] of steps.entries()) {
    for (const sequence of sequencesOf(step, steps.slice(0, i))) {
      const key = JSON.stringify([sequence.steps.map(({ shape }) => shapeKey(shape)), sequence.count])
      if (found.has(key)) continue
      found.set(key, candidateOf(sequence, { ...options, number: found.size + 1 }))
      if (found.size === MAX_CANDIDATES) return [...found.values()]
    }
  }
  return [...found.values()]
}

/** Tools that the agent of an event called after it, each once. */
function calledAfter(chain: readonly Event[], at: number): readonly string[] {
  const agent = chain[at]?.agent.id
  const later = chain.slice(at + 1).filter(({ agent: { id } }) => id === agent)
  return [...new Set(later.flatMap(({ body }) => (body.kind === 'tool-call' ? [body.toolName] : [])))]
}

/** Steps that stand in this order, or one of them so many times since another of its kind. */
type Sequence = { readonly steps: readonly Step[]; readonly count: number; readonly since: Event['claimedAt'] }

function* sequencesOf(step: Step, before: readonly Step[]): Iterable<Sequence> {
  yield { steps: [step], count: 1, since: step.event.claimedAt }
  const own = before.filter(
    (other) => other.at < step.at && other.case === step.case && other.event.agent.id === step.event.agent.id,
  )
  // A call that the agent and a proxy before it both tell of is one call: each witness counts for itself, as in the rule.
  const alike = own.filter(
    ({ shape, event }) => shapeKey(shape) === shapeKey(step.shape) && witnessOf(event) === witnessOf(step.event),
  )
  const [earliest] = alike
  if (earliest !== undefined && alike.length + 1 >= LEAST_REPEATS)
    yield { steps: [step], count: alike.length + 1, since: earliest.event.claimedAt }
  const distinct = new Map(own.map((other) => [shapeKey(other.shape), other]))
  distinct.delete(shapeKey(step.shape))
  for (const other of [...distinct.values()].toReversed().slice(0, MAX_PAIRED))
    yield { steps: [other, step], count: 1, since: other.event.claimedAt }
}

function witnessOf({ source: { tier, channel } }: Event): string {
  return `${tier} ${channel}`
}

function candidateOf(
  { steps, count, since }: Sequence,
  { incident, type, number }: CandidateOptions & { readonly number: number },
): Candidate {
  const last = steps.at(-1)
  // A sequence has at least one step.
  if (last === undefined) throw new Error('a sequence without a step')
  const about = last.shape.nature === 'act' ? 'act' : 'source'
  const name = `learned-${incident.replace(/^inc-/, '').replaceAll(/[^\da-z]/gi, '')}-${number}`
  const took = Math.ceil(Number(last.event.claimedAt - since) / 3_600_000_000_000)
  const hours = Math.min(MAX_SPAN_HOURS, Math.max(SPAN_HOURS, took))
  const repeats = count > 1 ? [`${count} times in ${hours > SPAN_HOURS ? `${hours} hours` : 'a day'}`] : []
  const words = [...steps.map(({ shape }) => shape.words), ...repeats].join(', then ')
  const rule = {
    name,
    incident,
    type,
    about,
    words,
    count,
    agents: [...new Set(steps.map(({ event }) => event.agent.id))],
    shapes: steps.map(({ shape }) => shape),
    hours,
  } as const
  const seen = `${name}-comparable`
  return {
    name,
    at: last.at,
    about,
    words,
    text: ruleText(rule),
    isOfPast: rule.shapes.some(({ except }) => except !== undefined),
    comparable: {
      name: seen,
      text: ruleText({ ...rule, name: seen, count: 1, shapes: rule.shapes.map(comparableShape) }),
    },
  }
}
