import { expect, test } from 'vitest'
import { STRIP_MARKS } from '../limits.ts'
import { marksWithin } from './marks.ts'

const DAY = 86_400_000_000_000
const mark = (at: number, until?: number) => ({
  kind: 'deploy' as const,
  at: String(at),
  label: `${at}`,
  ...(until === undefined ? {} : { until: String(until) }),
})

test('a mark is shown within a day of the time, and what lasted into it too', () => {
  const marks = [mark(2 * DAY), mark(9 * DAY), mark(1, 5 * DAY), mark(1)]
  const span = { from: String(3 * DAY), to: String(4 * DAY) }
  expect(marksWithin(marks, span).marks.map(({ label }) => Number(label))).toEqual([1, 2 * DAY])
})

test('past the bound the nearest stay, in the order of time, and all are counted', () => {
  const marks = Array.from({ length: 1_000 }, (_, at) => mark(10_000 + at)).toReversed()
  const { marks: shown, marksTotal } = marksWithin(marks, { from: '10000', to: '10000' })
  expect([shown.length, marksTotal, shown[0]?.at, shown.at(-1)?.at]).toEqual([STRIP_MARKS, 1_000, '10000', '10299'])
})
