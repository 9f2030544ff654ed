import fc from 'fast-check'
import { expect, test } from 'vitest'
import { changesBetween, handleScale, instantOf, secondsOf } from './handle-scale.ts'

test('the scale begins just before the first change and ends now', () => {
  const scale = handleScale(['2026-10-02T00:00:00Z', '2026-10-01T00:00:00.5Z'], '2026-11-01T00:00:00Z')
  expect(scale && [instantOf(scale.start), instantOf(scale.end)]).toEqual([
    '2026-09-30T23:59:59Z',
    '2026-11-01T00:00:00Z',
  ])
})

test('a history that lies ahead of now is on the scale to its end', () => {
  const scale = handleScale(['2026-10-01T00:00:00Z', '2027-01-01T00:00:00Z'], '2026-11-01T00:00:00Z')
  expect(scale && instantOf(scale.end)).toBe('2027-01-01T00:00:00Z')
})

test('without a change, or with a time that is none, there is nothing to choose in', () => {
  expect(handleScale([], '2026-11-01T00:00:00Z')).toBeUndefined()
  expect(handleScale(['soon'], '2026-11-01T00:00:00Z')).toBeUndefined()
})

test('every instant to the second comes back as it was', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (seconds) => secondsOf(instantOf(seconds)) === seconds),
  )
})

test('a change at the earlier instant is not counted as after it, one at the later is', () => {
  const scale = { start: 0, end: 10, ticks: [1, 5, 9] }
  expect(changesBetween(scale, 1, 9)).toBe(2)
  expect(changesBetween(scale, 0, 10)).toBe(3)
})
