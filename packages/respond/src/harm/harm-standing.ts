import type { Rung, UnixNano } from '@holdfast/model'

import { RUNG_NATURE, rungHeight } from '../ladder/rungs.ts'
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
  /** How many ways a probe tried that did not get through; absent where nobody counted. */
  readonly probes?: number
  /** When it ends by itself; absent where it does not. */
  readonly until?: UnixNano
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
  /** That what did it came to its end, where the log says so, and when; `proven` where a host saw that nothing of it is left. */
  readonly ended?: HarmGround & {
    readonly at: UnixNano
    /** When each execution of it was over, the last of them `at`. */
    readonly ends?: readonly UnixNano[]
  }
  /** The newest hold that ended, when, by whom and why; absent where none did. */
  readonly released?: HarmGround & { readonly at: UnixNano }
  readonly now: UnixNano
}

export type HarmGround = {
  readonly words: string
  readonly basis: 'proven' | 'inferred'
  readonly entries: readonly number[]
}

/**
 * `held`: probes found every acting agent held, and ways beside the hold are left open. `ended`: nothing of what did it runs.
 * `unknown`: nothing says that it goes on, and nothing keeps it from going on.
 */
export type HarmStanding = {
  readonly state: 'continuing' | 'stopped' | 'held' | 'ended' | 'unknown' | 'none-seen'
  readonly at?: UnixNano
  readonly words: string
  /** The softest of the holds that it is `stopped` or `held` by, and when the first of them ends by itself. */
  readonly hold?: { readonly rung: Rung; readonly probes: number; readonly until?: UnixNano }
  /** What would shut the ways that the hold leaves open, in words. */
  readonly open?: readonly string[]
  readonly because: readonly HarmGround[]
}

/** Softest rung that keeps an agent from all reach: below it one way is shut and others are not. */
const HOLDING: Rung = 'soft-quarantine'

/**
 * Whether harm is still possible. It is stopped only where a probe found every acting agent held and no act came after; a hold that
 * nobody tried, or a time without acts, is no stop.
 */
export function harmStanding(question: HarmQuestion): HarmStanding {
  const { outcome, acts, holds, actors, now, left, ended, released } = question
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
  if (since !== undefined && held.length === actors.length && held.every(({ state }) => state === 'confirmed'))
    return {
      state: left.length === 0 ? 'stopped' : 'held',
      at: since,
      words: heldWords(held),
      because: [...grounds, ...(left.length === 0 ? [] : [outsideOf(left)])],
      hold: holdTold(held),
      ...(left.length === 0 ? {} : { open: left }),
    }
  const isOver = ended !== undefined && last !== undefined && ended.at >= last && !wentOn(acts, ended.ends ?? [])
  if (held.length === 0 && isOver) {
    const { at, words, basis, entries } = ended
    return {
      state: basis === 'proven' ? 'ended' : 'unknown',
      at,
      words: `${basis === 'proven' ? `${words}: nothing of it runs` : 'what did it has ended'}, and nothing keeps it from being started again`,
      because: [{ words, basis, entries }, ...releaseOf(released), LAST_ACT],
    }
  }
  if (held.length === 0 && last !== undefined && now - last <= BigInt(FAST_GAP_MS) * 1_000_000n)
    return {
      state: 'continuing',
      at: last,
      words: `an act of it is less than five minutes old, and ${NOTHING_HOLDS}${releasedWords(released)}`,
      because: [...releaseOf(released), LAST_ACT],
    }
  return {
    state: 'unknown',
    ...(since !== undefined ? { at: since } : last === undefined ? {} : { at: last }),
    words: whyUnknown({ held, actors, released }),
    because: [
      ...grounds,
      ...(held.length === 0 ? releaseOf(released) : []),
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
  released,
}: {
  readonly held: readonly Hold[]
  readonly actors: readonly string[]
  readonly released: HarmQuestion['released']
}): string {
  if (held.length === 0) return `no act was recorded since, and ${NOTHING_HOLDS}${releasedWords(released)}`
  if (held.length < actors.length) return `${actors.length - held.length} of ${actors.length} agents are not held`
  return 'the hold is applied and not confirmed in effect yet'
}

const NOTHING_HOLDS = 'nothing holds it'

/** Who reads that nothing holds it any more asks first who let it go. */
function releasedWords(released: HarmQuestion['released']): string {
  return released === undefined ? '' : `: ${released.words}`
}

function releaseOf(released: HarmQuestion['released']): readonly HarmGround[] {
  if (released === undefined) return []
  const { words, basis, entries } = released
  return [{ words, basis, entries }]
}

/** By what it is held and how that is known; that no act came after was looked at before. */
function heldWords(held: readonly Hold[]): string {
  const { rung, probes } = holdTold(held)
  const where = held.every(({ isInKernel }) => isInKernel) ? ' in the kernel of its host' : ''
  const who = held.length === 1 ? 'the agent is held' : `all ${held.length} agents are held`
  const by = probes === 0 ? 'probes' : `${probes} ${probes === 1 ? 'probe' : 'probes'}`
  return `${who}${where} by ${RUNG_NATURE[rung].code} ${rung}, confirmed by ${by}; no act of it was recorded since`
}

/** Of several holds the whole is as hard as the softest, and lasts as long as the shortest. */
function holdTold(held: readonly Hold[]): NonNullable<HarmStanding['hold']> {
  const [softest] = held.toSorted((a, b) => rungHeight(a.rung) - rungHeight(b.rung))
  const [until] = held.flatMap((one) => one.until ?? []).toSorted((a, b) => (a < b ? -1 : 1))
  return {
    rung: softest?.rung ?? HOLDING,
    probes: held.reduce((sum, one) => sum + (one.probes ?? 0), 0),
    ...(until === undefined ? {} : { until }),
  }
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
