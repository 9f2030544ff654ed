import type { Rung, UnixNano } from '@holdfast/model'

import { rungHeight } from '../ladder/rungs.ts'
import { FAST_GAP_MS } from '../limits.ts'

/** What holds one agent, by the last record about it. */
export type Hold = {
  readonly agent: string
  readonly rung: Rung
  /** `confirmed` by a probe; `claimed` by who carried it out; `leaks` where a probe got through. */
  readonly state: 'confirmed' | 'claimed' | 'leaks'
  readonly since: UnixNano
  /** Set where the kernel of its host holds it: it reaches nothing from there, whatever it may do by other ways. */
  readonly isInKernel?: true
  readonly entries: readonly number[]
}

export type HarmQuestion = {
  readonly outcome: 'incident' | 'attempt'
  /** Agents whose own acts speak for its type. */
  readonly actors: readonly string[]
  /** Harmful acts in their order, by the clocks of who told of them. */
  readonly acts: readonly UnixNano[]
  readonly holds: readonly Hold[]
  /** Ways that a plan which is in force leaves open, in words. */
  readonly left: readonly string[]
  /** That what did it came to its end, where the log says so, and when. */
  readonly ended?: HarmGround & {
    readonly at: UnixNano
    /** When each execution of it was over, the last of them `at`. */
    readonly ends?: readonly UnixNano[]
  }
  readonly now: UnixNano
}

export type HarmGround = {
  readonly words: string
  readonly basis: 'proven' | 'inferred'
  readonly entries: readonly number[]
}

/** `unknown`: nothing says that it goes on, and nothing keeps it from going on. */
export type HarmStanding = {
  readonly state: 'continuing' | 'stopped' | 'unknown' | 'none-seen'
  readonly at?: UnixNano
  readonly words: string
  readonly because: readonly HarmGround[]
}

/** Softest rung that keeps an agent from all reach: below it one way is shut and others are not. */
const HOLDING: Rung = 'soft-quarantine'

/**
 * Whether harm is still possible. It is stopped only where a probe found every acting agent held and no act came after; a hold that
 * nobody tried, or a time without acts, is no stop.
 */
export function harmStanding(question: HarmQuestion): HarmStanding {
  const { outcome, acts, holds, actors, now, left, ended } = question
  if (outcome === 'attempt') {
    const words = 'no act with an effect followed'
    return { state: 'none-seen', words, because: [{ words, basis: 'inferred', entries: [] }] }
  }
  const last = latest(acts)
  const leaking = holds.filter((hold) => hold.state === 'leaks' && !isReplaced(hold, holds))
  const [leak] = leaking
  if (leak !== undefined)
    return {
      state: 'continuing',
      at: leak.since,
      words: `a probe got through the hold of ${leak.agent}`,
      because: leaking.map(groundOf),
    }
  const standing = actors.map((agent) => holdOf(holds, agent))
  const held = standing.filter((hold) => hold !== undefined)
  const since = latest(held.map((hold) => hold.since))
  const grounds = held.map(groundOf)
  if (since !== undefined && last !== undefined && last > since) {
    // The hold is on our record; when the act was is the word of who told of it.
    const words = 'an act of it came after the hold, by the clock of who told of it'
    return { state: 'continuing', at: last, words, because: [...grounds, { words, basis: 'inferred', entries: [] }] }
  }
  if (
    held.length === actors.length &&
    held.length > 0 &&
    held.every(({ state }) => state === 'confirmed') &&
    left.length === 0
  )
    return {
      state: 'stopped',
      at: since as UnixNano, // held is not empty, and the latest of some times is one of them
      words: `probes found ${held.length === 1 ? 'the agent' : `all ${held.length} agents`} held, and no act came after`,
      because: grounds,
    }
  const isOver = ended !== undefined && last !== undefined && ended.at >= last && !wentOn(acts, ended.ends ?? [])
  if (held.length === 0 && isOver) {
    const { at, words, basis, entries } = ended
    return {
      state: 'unknown',
      at,
      words: 'what did it has ended, and nothing keeps it from being started again',
      because: [{ words, basis, entries }, LAST_ACT],
    }
  }
  if (held.length === 0 && last !== undefined && now - last <= BigInt(FAST_GAP_MS) * 1_000_000n)
    return {
      state: 'continuing',
      at: last,
      words: 'an act of it is less than five minutes old, and nothing holds it',
      because: [LAST_ACT],
    }
  return {
    state: 'unknown',
    ...(since !== undefined ? { at: since } : last === undefined ? {} : { at: last }),
    words: whyUnknown({ held, actors, left }),
    because: [
      ...grounds,
      ...(held.length > 0 && left.length > 0 ? [outsideOf(left)] : []),
      ...(last === undefined ? [] : [LAST_ACT]),
    ],
  }
}

/** What no hold of an agent shuts is told by itself, beside what is proven of the hold. */
function outsideOf(left: readonly string[]): HarmGround {
  return { words: openBeside(left), basis: 'inferred', entries: [] }
}

/** One execution was over, and another went on with it: that the latest is over as well is no end of the harm. */
function wentOn(acts: readonly UnixNano[], ends: readonly UnixNano[]): boolean {
  return ends.some((end) => acts.some((at) => at <= end) && acts.some((at) => at > end))
}

function whyUnknown({
  held,
  actors,
  left,
}: {
  readonly held: readonly Hold[]
  readonly actors: readonly string[]
  readonly left: readonly string[]
}): string {
  if (held.length === 0) return 'no act was recorded since, and nothing holds it'
  if (held.length < actors.length) return `${actors.length - held.length} of ${actors.length} agents are not held`
  if (held.some(({ state }) => state === 'claimed')) return 'the hold is applied and not confirmed in effect yet'
  const where = held.every(({ isInKernel }) => isInKernel) ? 'held in the kernel of its host' : 'held'
  return `${where}, as probes found; ${openBeside(left)}`
}

/** The plan names what was left out by what would be done: read alone it would say what the agent does. */
function openBeside(left: readonly string[]): string {
  return `what this hold does not shut stays open, and this would shut it: ${left.join('; ')}`
}

/** Where another hold of the agent, no softer and later, was found to hold, what got through the one before gets through no more. */
function isReplaced(leak: Hold, holds: readonly Hold[]): boolean {
  return holds.some(
    ({ agent, rung, state, since }) =>
      agent === leak.agent &&
      state === 'confirmed' &&
      since > leak.since &&
      rungHeight(rung) >= Math.max(rungHeight(leak.rung), rungHeight(HOLDING)),
  )
}

/** The hold that cuts all of an agent's reach: one that a probe found, before a harder one that was only asked for. */
function holdOf(holds: readonly Hold[], agent: string): Hold | undefined {
  const isFound = ({ state }: Hold): number => Number(state === 'confirmed')
  return holds
    .filter((hold) => hold.agent === agent && hold.state !== 'leaks' && rungHeight(hold.rung) >= rungHeight(HOLDING))
    .toSorted((a, b) => isFound(b) - isFound(a) || rungHeight(b.rung) - rungHeight(a.rung))[0]
}

function groundOf({ agent, rung, state, isInKernel, entries }: Hold): HarmGround {
  const found =
    state === 'confirmed' ? 'a probe found it held' : state === 'leaks' ? 'a probe got through' : 'not tried yet'
  const where = isInKernel === true ? ' in the kernel of its host' : ''
  return { words: `${rung} of ${agent}${where}: ${found}`, basis: state === 'claimed' ? 'inferred' : 'proven', entries }
}

const LAST_ACT: HarmGround = {
  words: 'the last harmful act, by the clock of who told of it',
  basis: 'inferred',
  entries: [],
}

function latest(times: readonly UnixNano[]): UnixNano | undefined {
  return times.reduce((last: UnixNano | undefined, at) => (last === undefined || at > last ? at : last), undefined)
}
