import { expect, test } from 'vitest'
import { columnsIn, placesOf, ROWS, shareOf } from './lane-places.ts'

const window = { from: '2026-10-01T00:00:00Z', asOf: '2026-10-31T00:00:00Z' }

test('an instant stands at its share of the window, and what began before it at its edge', () => {
  expect(shareOf('2026-10-16T00:00:00Z', window)).toBe(0.5)
  expect(shareOf('2026-09-01T00:00:00Z', window)).toBe(0)
  expect(shareOf('2026-12-01T00:00:00Z', window)).toBe(1)
})

test('marks of one day are stacked, and what has no room is left to the table', () => {
  const places = placesOf(
    Array.from({ length: ROWS + 1 }, () => ({ at: '2026-10-16T00:00:00Z' })),
    window,
  )
  expect(places.map((place) => place?.row)).toEqual([0, 1, 2, 3, 4, undefined])
  expect(new Set(places.slice(0, ROWS).map((place) => place?.share)).size).toBe(1)
})

test('where there is little room, days share a column and their marks do not lie on each other', () => {
  expect(columnsIn(1_200, 16)).toBe(60)
  const columns = columnsIn(212, 16)
  expect(columns).toBe(13)
  const days = Array.from({ length: 30 }, (_, i) => ({ at: new Date(Date.UTC(2026, 9, 1 + i)).toISOString() }))
  const shares = [...new Set(placesOf(days, window, columns).map((place) => place?.share ?? 0))]
  expect(shares).toHaveLength(columns)
  for (const [i, share] of shares.entries())
    if (i > 0) expect((share - (shares[i - 1] ?? 0)) * 212).toBeGreaterThanOrEqual(16)
})
