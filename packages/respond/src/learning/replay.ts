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
 * that names it, which is exact where what was named stays so. Where it does not, strides from elsewhere would step over what others
 * found: `known`, with which events it was named before a change, is looked at beside them.
 */
export function* firstCaught(
  events: number,
  names: NamesPrefix,
  known: CaughtAt = {},
): Generator<undefined, CaughtAt, undefined> {
  const isNamed = (named: Named): boolean => named !== 'nothing'
  const attempt = yield* firstAtLeast(events, names, { from: 0, known: known.attempt, isEnough: isNamed })
  if (attempt === undefined) return {}
  const isIncident = (named: Named): boolean => named === 'incident'
  const incident = yield* firstAtLeast(events, names, { from: attempt, known: known.incident, isEnough: isIncident })
  return { attempt, ...(incident === undefined ? {} : { incident }) }
}

type Search = {
  readonly from: number
  readonly known: number | undefined
  readonly isEnough: (named: Named) => boolean
}

function* firstAtLeast(
  events: number,
  names: NamesPrefix,
  { from, known, isEnough }: Search,
): Generator<undefined, number | undefined, undefined> {
  const isThere = known !== undefined && known >= from && isEnough(yield* names(known + 1))
  const found = yield* inStrides(isThere ? known : events, names, { from, stride: strideOf(events - from), isEnough })
  return found ?? (isThere ? known : undefined)
}

function strideOf(events: number): number {
  return Math.max(1, Math.ceil(events / MAX_REPLAY_PREFIXES))
}

function* inStrides(
  events: number,
  names: NamesPrefix,
  { from, stride, isEnough }: Pick<Search, 'from' | 'isEnough'> & { readonly stride: number },
): Generator<undefined, number | undefined, undefined> {
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
