import type { StripWire } from '@holdfast/api'

type Span = Pick<StripWire, 'from' | 'to'>

/** Where an instant stands on the strip, from 0 to 1; clamped to its ends. */
export function placeOf(instant: bigint, { from, to }: Span): number {
  const [first, last] = [BigInt(from), BigInt(to)]
  if (instant <= first || last === first) return instant <= first ? 0 : 1
  if (instant >= last) return 1
  // In millionths: a difference of nanoseconds over days is no safe integer.
  return Number(((instant - first) * 1_000_000n) / (last - first)) / 1_000_000
}

/** Index of the last step that had begun at `instant`; -1 before the first. Without an instant: the last of all. */
export function stepAt(steps: readonly string[], instant: bigint | undefined): number {
  if (instant === undefined) return steps.length - 1
  let low = 0
  let high = steps.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (BigInt(steps[middle] ?? 0) <= instant) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** The step that is nearest to a place on the strip. */
export function stepNear(steps: readonly string[], place: number, { from, to }: Span): number {
  const [first, last] = [BigInt(from), BigInt(to)]
  const instant =
    first + ((last - first) * BigInt(Math.round(Math.max(0, Math.min(1, place)) * 1_000_000))) / 1_000_000n
  const before = stepAt(steps, instant)
  if (before < 0) return 0
  const [left, right] = [steps[before], steps[before + 1]]
  if (left === undefined || right === undefined) return before
  return instant - BigInt(left) <= BigInt(right) - instant ? before : before + 1
}

/** How many steps a player goes at once, so that no conversation takes longer than `most` of its beats. */
export function strideOf(steps: number, most: number): number {
  return Math.max(1, Math.ceil(steps / most))
}
