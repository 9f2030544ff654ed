import { MAX_REPLAY_PREFIXES } from './limits.ts'

/** What is said of the first events of a chain. */
export type Named = 'nothing' | 'attempt' | 'incident'

/** Number of the event with which a chain is first named, from 0; absent where it never is. An incident is named as one at least. */
export type CaughtAt = { readonly attempt?: number; readonly incident?: number }

/** One chain before and after a change, over the same events. */
export type Replayed = { readonly events: number; readonly before: CaughtAt; readonly after: CaughtAt }

/** A program that names the first `length` events of a chain, step by step. */
export type NamesPrefix = (length: number) => Generator<undefined, Named, undefined>

/**
 * The first event with which a chain is named. A long chain is looked at in strides and then event by event within the stride
 * that names it, which is exact where what was named stays so.
 */
export function* firstCaught(events: number, names: NamesPrefix): Generator<undefined, CaughtAt, undefined> {
  const attempt = yield* firstAtLeast(events, names, { from: 0, isEnough: (named) => named !== 'nothing' })
  if (attempt === undefined) return {}
  const incident = yield* firstAtLeast(events, names, { from: attempt, isEnough: (named) => named === 'incident' })
  return { attempt, ...(incident === undefined ? {} : { incident }) }
}

type Search = { readonly from: number; readonly isEnough: (named: Named) => boolean }

function* firstAtLeast(
  events: number,
  names: NamesPrefix,
  { from, isEnough }: Search,
): Generator<undefined, number | undefined, undefined> {
  const stride = Math.max(1, Math.ceil((events - from) / MAX_REPLAY_PREFIXES))
  for (let end = from; end < events; end += stride) {
    const last = Math.min(end + stride - 1, events - 1)
    if (!isEnough(yield* names(last + 1))) continue
    for (let at = end; at < last; at++) if (isEnough(yield* names(at + 1))) return at
    return last
  }
  return undefined
}

/** True where something is named strictly earlier, and nothing later. */
export function isEarlier({ before, after }: Omit<Replayed, 'events'>): boolean {
  const attempt = order(after.attempt, before.attempt)
  const incident = order(after.incident, before.incident)
  return attempt <= 0 && incident <= 0 && (attempt < 0 || incident < 0)
}

function order(a: number | undefined, b: number | undefined): number {
  return Math.sign((a ?? Number.MAX_SAFE_INTEGER) - (b ?? Number.MAX_SAFE_INTEGER))
}
