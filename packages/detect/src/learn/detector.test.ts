import { describe, expect, test } from 'vitest'
import { BEHAVIOUR_FEATURES, FULL_FEATURES, type ScoredCall } from '../provenance/features.ts'
import { detectorAt, findingOf, ORDINARY, trainDetector } from './detector.ts'
import { SHIPPED } from './shipped.ts'
import type { TrainingRun } from './train.ts'

const call = (strength: number, flags: Partial<ScoredCall> = {}): ScoredCall => ({
  provenance: FULL_FEATURES.map(({ sign }) => (sign > 0 ? strength : 1 - strength)),
  behaviour: BEHAVIOUR_FEATURES.map(({ sign }) => (sign > 0 ? strength : 1 - strength)),
  hasEffect: true,
  isGrounded: true,
  isLifted: true,
  ...flags,
})
const run = (isIncident: boolean, ...calls: readonly ScoredCall[]): TrainingRun => ({ isIncident, goal: 'g', calls })

const RUNS = [
  ...Array.from({ length: 10 }, () => run(true, call(0.1), call(0.9))),
  ...Array.from({ length: 200 }, (_, i) => run(false, call((i % 10) / 40))),
]

describe('the shipped weights', () => {
  test('are for the features that are computed, in their order, and keep their signs', () => {
    for (const [basis, features] of [
      ['instruction', FULL_FEATURES],
      ['destination', BEHAVIOUR_FEATURES],
      ['behaviour', BEHAVIOUR_FEATURES],
    ] as const) {
      const { features: names, weights } = SHIPPED.channels[basis]
      expect(names).toEqual(features.map(({ name }) => name))
      for (const [i, weight] of weights.entries()) expect(weight * (features[i]?.sign ?? 0)).toBeGreaterThanOrEqual(0)
    }
  })
  test('have thresholds, gates and precisions of the right shape', () => {
    expect(Object.values(SHIPPED.channels).map(({ gate }) => gate)).toEqual(['grounded', 'lifted', 'acting'])
    for (const { threshold, precision, calibration = [] } of Object.values(SHIPPED.channels)) {
      for (const [i, step] of calibration.entries()) {
        expect(step).toHaveLength(2)
        expect(step[1]).toBeGreaterThanOrEqual(calibration[i - 1]?.[1] ?? 0)
      }
      expect(threshold === null || Number.isFinite(threshold)).toBe(true)
      expect(precision > 0 && precision < 1).toBe(true)
    }
  })
})

describe('a trained detector', () => {
  const detector = trainDetector(RUNS)
  test('finds the act, whichever call of the run it is', () => {
    expect(findingOf(call(0.9), detector, ORDINARY)?.basis).toBe('instruction')
    expect(findingOf(call(0.1), detector, ORDINARY)).toBeUndefined()
  })
  test('is the same for the same runs, bit for bit', () => {
    expect(JSON.stringify(trainDetector(RUNS))).toBe(JSON.stringify(detector))
  })
  test('lets at most its share of the benign runs pass', () => {
    const noisy = [...RUNS, ...Array.from({ length: 20 }, (_, i) => run(false, call(0.5 + i / 50)))]
    const strict = detectorAt(noisy, trainDetector(noisy), 0.02)
    const passed = noisy.filter(
      ({ isIncident, calls }) =>
        !isIncident && calls.some((each) => findingOf(each, strict, ['instruction']) !== undefined),
    )
    expect(passed.length).toBeLessThanOrEqual(0.02 * 220)
  })
  test('asks nothing of a call without an effect, or one that no text grounds', () => {
    expect(findingOf(call(1, { hasEffect: false }), detector, ORDINARY)).toBeUndefined()
    expect(findingOf(call(1, { isGrounded: false, isLifted: false }), detector, ORDINARY)).toBeUndefined()
    expect(findingOf(call(1, { isGrounded: false }), detector, ORDINARY)?.basis).toBe('destination')
  })
  test('is never certain', () => {
    expect(findingOf(call(1), detector, ORDINARY)?.confidence).toBeLessThanOrEqual(0.97)
  })
})
