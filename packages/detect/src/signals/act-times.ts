import type { Event, Signal, UnixNano } from '@holdfast/model'
import { MAX_ACT_TIMES } from './limits.ts'

/** What a signal says of the acts that it stands for. */
export type ActsTold = Pick<Signal, 'acts' | 'actCount' | 'lastClaimedAt' | 'lastEntry'>

/** What one teller told of: the first and the latest times, and how many they were. */
type Told = { readonly times: UnixNano[]; readonly count: number }

/**
 * When the acts were that one signal stands for. Several tell of one act, each by its own clock: the times are those of the one
 * teller that told of most, and the latest is that of whoever told of it. What was logged last counts refused ones too: who tries
 * again has not stopped. The order in which events are added changes nothing.
 */
export class ActTimes {
  readonly #byTeller = new Map<string, Told>()
  #last: UnixNano | undefined
  #lastEntry = -1
  #added = 0

  /** Each event once. What came to nothing is no act. */
  add(event: Event): void {
    this.#added++
    this.#lastEntry = Math.max(this.#lastEntry, event.entry)
    if (wasRefused(event)) return
    const { claimedAt, source } = event
    if (this.#last === undefined || claimedAt > this.#last) this.#last = claimedAt
    const teller = `${source.tier} ${source.channel}`
    const { times, count } = this.#byTeller.get(teller) ?? { times: [], count: 0 }
    times.push(claimedAt)
    const kept = times.length > 2 * MAX_ACT_TIMES ? firstAndLatest(times, MAX_ACT_TIMES) : times
    this.#byTeller.set(teller, { times: kept, count: count + 1 })
  }

  /** What a signal that begins at `claimedAt` says of them; nothing where one act is all that it stands for. */
  told(claimedAt: UnixNano): ActsTold {
    // Counted apart: of how many are kept, nothing follows on how many there were.
    const [most = { times: [], count: 0 }] = [...this.#byTeller.entries()]
      .toSorted(([one, a], [other, b]) => b.count - a.count || (one < other ? -1 : 1))
      .map(([, told]) => told)
    return {
      ...(most.count > 1 ? { acts: firstAndLatest(most.times, MAX_ACT_TIMES) } : {}),
      ...(most.count > MAX_ACT_TIMES ? { actCount: most.count } : {}),
      ...(this.#last === undefined || this.#last <= claimedAt ? {} : { lastClaimedAt: this.#last }),
      ...(this.#added > 1 ? { lastEntry: this.#lastEntry } : {}),
    }
  }
}

/** The same of events at hand; one that several departures name counts once. */
export function actTimesOf(events: readonly Event[], claimedAt: UnixNano): ActsTold {
  const times = new ActTimes()
  for (const event of new Map(events.map((one) => [one.id, one])).values()) times.add(event)
  return times.told(claimedAt)
}

/** How many acts events are, refused ones too: each teller tells of an act once, so they are as many as one of them told of. */
export function actsIn(events: readonly Event[]): number {
  const once = new Map(events.map((one) => [one.id, one])).values()
  const byTeller = Map.groupBy(once, ({ source: { tier, channel } }) => `${tier} ${channel}`)
  return Math.max(0, ...[...byTeller.values()].map(({ length }) => length))
}

/** False for calls that came to nothing, as whoever told of the call says of its result. Events: those of one agent in a case. */
export function effectiveOf(events: readonly Event[]): (event: Event) => boolean {
  const failed = new Set(
    events.flatMap((event) =>
      event.body.kind === 'tool-result' && event.body.error !== undefined ? callOf(event) : [],
    ),
  )
  return (event) => !callOf(event).some((call) => failed.has(call))
}

function callOf({ body, source, context }: Event): readonly string[] {
  if ((body.kind !== 'tool-call' && body.kind !== 'tool-result') || body.callId === undefined) return []
  return [JSON.stringify([source.tier, source.channel, context.trace, body.callId])]
}

/** Times in their order: of more than `most` the first, for when it began, and the latest, for whether it goes on. */
export function firstAndLatest(times: readonly UnixNano[], most: number): UnixNano[] {
  const ordered = times.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return ordered.length <= most ? ordered : [...ordered.slice(0, 1), ...ordered.slice(1 - most)]
}

const EPERM = -1
const EACCES = -13

/** A kernel or an authority refused it: a hold that works gives these, and they are no harm that goes on. */
function wasRefused({ body }: Event): boolean {
  if (body.kind === 'api-call') return body.decision !== 'allowed'
  if (body.kind === 'connection' && body.action === 'refused') return true
  return 'result' in body && (body.result === EPERM || body.result === EACCES)
}
