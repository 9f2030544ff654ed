import type { BaselineWire } from '@holdfast/api'

export type Day = BaselineWire['dimensions'][number]['days'][number]

const DAY_MS = 86_400_000

/** Where a day or an instant lies between the first and the last day of the chart, 0 to 1; outside it is cut to the edge. */
export function shareOf(time: string, { from, to }: { readonly from: string; readonly to: string }): number {
  const [start, end] = [Date.parse(from), Date.parse(to) + DAY_MS]
  return Math.min(1, Math.max(0, (Date.parse(time) - start) / (end - start)))
}

/** The middle of a day, where its point stands. */
export function middleOf(date: string, range: { readonly from: string; readonly to: string }): number {
  return shareOf(new Date(Date.parse(date) + DAY_MS / 2).toISOString(), range)
}

/** The band of the last seven days with traffic: their mean distance, and the spread's root on both sides of it. */
export function bandOf(
  days: readonly Day[],
): readonly { readonly date: string; readonly low: number; readonly high: number }[] {
  return days.flatMap(({ date, spread }, i) => {
    if (spread === undefined) return []
    const window = days.slice(Math.max(0, i - 6), i + 1)
    const mean = window.reduce((sum, { distance }) => sum + distance, 0) / window.length
    const root = Math.sqrt(spread)
    return [{ date, low: Math.max(0, mean - root), high: Math.min(1, mean + root) }]
  })
}
