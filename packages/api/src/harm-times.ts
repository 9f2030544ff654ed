import type { StandingWire } from './timeline-routes.ts'

/** The times that belong to how harm stands, in nanoseconds since 1970 as on the wire. */
export type HarmTimes =
  | { readonly kind: 'none' }
  | { readonly kind: 'at' | 'since'; readonly at: string }
  /** Of acts: when the newest of them was, and the first where that was before it. */
  | { readonly kind: 'acts'; readonly first?: string; readonly latest: string }

/** The newest act is no beginning: where the standing rests on it, the first is told beside it. */
export function harmTimes({ harm, clocks }: Pick<StandingWire, 'harm' | 'clocks'>): HarmTimes {
  const { state, at } = harm
  const { first, last } = clocks.harm
  if (at === undefined) return { kind: 'none' }
  if (state === 'stopped' || state === 'ended') return { kind: 'at', at }
  if (at !== last) return { kind: 'since', at }
  return { kind: 'acts', ...(first !== undefined && BigInt(first) < BigInt(last) ? { first } : {}), latest: last }
}
