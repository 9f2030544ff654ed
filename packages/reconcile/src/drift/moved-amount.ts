import { added, spreadOf, type Histogram } from '@holdfast/observe'
import type { VolumeMeasure } from '@holdfast/model'
import type { DriftDay } from './drift-day.ts'
import type { Over } from './known-profile.ts'
import { MOVED_LEAST, SETTLE_DAYS } from './limits.ts'

/**
 * True where what is usual moved with a change at `since`, and far enough for `over`: the median of the days after it over the
 * median of the week before it moves the bound. A longer prompt is longer from its first day on, and the first answer that breaks the
 * bound may come days later. `days` in order; that of the change itself is of neither side.
 */
export function hasMoved(over: readonly Over[], days: readonly DriftDay[], since: bigint): boolean {
  const turn = Number(since / DAY_NANOS)
  const before = days.filter(({ day }) => day < turn).slice(-SETTLE_DAYS)
  const after = days.filter(({ day }) => day > turn)
  return over.every(({ measure, amount, limit }) => {
    const [was, is] = [usual(before, measure), usual(after, measure)]
    return was > 0 && is >= MOVED_LEAST * was && amount * was <= limit * is
  })
}

const DAY_NANOS = 86_400_000_000_000n

/** The median of all executions of these days; 0 where none tells of it. */
function usual(days: readonly DriftDay[], measure: VolumeMeasure): number {
  let all: Histogram = new Map()
  for (const { shapes } of days)
    for (const { amounts } of shapes) {
      const own = amounts.get(measure)
      if (own !== undefined) all = added(all, own.histogram)
    }
  return spreadOf(all)?.p50 ?? 0
}
