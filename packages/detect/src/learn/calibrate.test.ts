import fc from 'fast-check'
import { expect, test } from 'vitest'
import { calibrated, calibrationOf } from './calibrate.ts'

const outcome = fc.record({ score: fc.double({ min: -9, max: 9, noNaN: true }), isRight: fc.boolean() })

test('L5 a higher score never says less (property)', () => {
  fc.assert(
    fc.property(fc.array(outcome, { minLength: 20, maxLength: 200 }), outcome, outcome, (outcomes, a, b) => {
      const calibration = calibrationOf(outcomes) ?? []
      const [low, high] = [Math.min(a.score, b.score), Math.max(a.score, b.score)]
      expect(calibrated(high, calibration)).toBeGreaterThanOrEqual(calibrated(low, calibration))
      expect(calibrated(high, calibration)).toBeLessThanOrEqual(0.97)
    }),
    { seed: 11 },
  )
})
test('what was right half of the time below and always above says so', () => {
  const calibration = calibrationOf([
    ...Array.from({ length: 1_000 }, (_, i) => ({ score: i / 1_000, isRight: i % 2 === 0 })),
    ...Array.from({ length: 1_000 }, (_, i) => ({ score: 5 + i / 1_000, isRight: true })),
  ])
  expect(calibrated(0.5, calibration ?? [])).toBeCloseTo(0.5, 1)
  expect(calibrated(6, calibration ?? [])).toBeGreaterThan(0.94)
})
test('too few findings give no calibration', () => {
  expect(calibrationOf([{ score: 1, isRight: true }])).toBeUndefined()
})
test('the order of the findings changes nothing', () => {
  const outcomes = Array.from({ length: 60 }, (_, i) => ({ score: (i * 7) % 13, isRight: i % 3 === 0 }))
  expect(calibrationOf(outcomes.toReversed())).toEqual(calibrationOf(outcomes))
})
