import type { Proof } from './proofs.ts'

/** Sightings that do not count, by claimed time (from, up to and without to) or by log position (both ends inclusive). */
export type Exclusion = {
  readonly markId: string
  readonly from?: bigint
  readonly to?: bigint
  readonly positions: readonly (readonly [first: number, last: number])[]
}

/** True where any mark covers the sighting. A mark with neither times nor positions covers nothing. */
export function isExcluded(exclusions: readonly Exclusion[], { entry, claimedAt }: Proof): boolean {
  return exclusions.some(({ from, to, positions }) => {
    if (positions.some(([first, last]) => entry >= first && entry <= last)) return true
    if (from === undefined && to === undefined) return false
    return (from === undefined || claimedAt >= from) && (to === undefined || claimedAt < to)
  })
}
