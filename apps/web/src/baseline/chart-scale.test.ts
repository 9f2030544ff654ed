import { expect, test } from 'vitest'
import { bandOf, middleOf, shareOf } from './chart-scale.ts'

const range = { from: '2026-09-01', to: '2026-09-10' }

test('a day stands in the middle of its place, and what lies outside is cut to the edge', () => {
  expect(middleOf('2026-09-01', range)).toBeCloseTo(0.05)
  expect(middleOf('2026-09-10', range)).toBeCloseTo(0.95)
  expect(shareOf('2026-08-01T00:00:00Z', range)).toBe(0)
  expect(shareOf('2026-12-01T00:00:00Z', range)).toBe(1)
})

test('the band is the mean of the last seven days with the root of the spread on both sides, from the second day on', () => {
  const day = { observations: 1, entries: 1, fresh: 0, novelty: 0, within: true, run: 1 }
  const days = [
    { ...day, date: '2026-09-01', distance: 0.2 },
    { ...day, date: '2026-09-02', distance: 0.4, spread: 0.01 },
  ]
  expect(bandOf(days)).toEqual([{ date: '2026-09-02', low: expect.closeTo(0.2, 9), high: expect.closeTo(0.4, 9) }])
})
