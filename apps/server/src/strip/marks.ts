import type { StripWire } from '@holdfast/api'
import { STRIP_MARKS } from '../limits.ts'

export type StripMark = StripWire['marks'][number]

/** A day to either side: what was deployed before it began, and what was done about it after it ended. */
const BESIDE_NS = 86_400_000_000_000n

type Span = { readonly from: string; readonly to: string }

/** Those that fall into the time or a day beside it, in its order; past the bound the nearest to it stay. */
export function marksWithin(
  marks: readonly StripMark[],
  { from, to }: Span,
): { readonly marks: StripMark[]; readonly marksTotal: number } {
  const [first, last] = [BigInt(from), BigInt(to)]
  const near = marks.filter((mark) => {
    const begins = BigInt(mark.at)
    const ends = BigInt(mark.until ?? mark.at)
    return ends >= first - BESIDE_NS && begins <= last + BESIDE_NS
  })
  const awayOf = ({ at, until }: StripMark): bigint => {
    const [begins, ends] = [BigInt(at), BigInt(until ?? at)]
    return ends < first ? first - ends : begins > last ? begins - last : 0n
  }
  const nearest = near.toSorted((a, b) => compare(awayOf(a), awayOf(b)) || compare(BigInt(a.at), BigInt(b.at)))
  return {
    marks: nearest.slice(0, STRIP_MARKS).toSorted((a, b) => compare(BigInt(a.at), BigInt(b.at))),
    marksTotal: near.length,
  }
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
