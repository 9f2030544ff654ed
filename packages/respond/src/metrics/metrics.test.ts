import type { ArtifactId, EvidenceStatus, IncidentType, UnixNano } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import type { CaseState } from '../case/state.ts'
import { CaseDriver, shippedMatrix } from '../testing/case-driver.ts'
import { incidentEvidence } from './completeness.ts'
import { EXPOSURE_STAGES, exposureOf } from './exposure.ts'
import { chainCompletenessRate, percentile, refinementAppliedRate, timesOf, timeToClassification } from './metrics.ts'

const MATRIX = shippedMatrix()
const TYPES: readonly IncidentType[] = ['runtime-execution-escape', 'privilege-boundary-escape', 'reasoning-compromise']

/** A case that went as far as the numbers say. */
function worked({ types, isSealed, isContained, isClosed }: Shape): CaseState {
  const driver = new CaseDriver(MATRIX)
  for (const at of types) driver.classify(TYPES[at]!)
  if (isSealed) driver.seal()
  if (isContained) driver.act()
  const type = TYPES[types.at(-1) ?? 0]!
  if (isClosed && types.length > 0 && new Set(types).size === 1) {
    driver.seal()
    driver.workUntil(type, 'end')
    driver.must({ kind: 'closed', resolution: 'resolved', reason: 'done' })
  }
  return driver.case
}

type Shape = {
  readonly types: readonly number[]
  readonly isSealed: boolean
  readonly isContained: boolean
  readonly isClosed: boolean
}

const shape: fc.Arbitrary<Shape> = fc.record({
  types: fc.array(fc.nat(2), { maxLength: 3 }),
  isSealed: fc.boolean(),
  isContained: fc.boolean(),
  isClosed: fc.boolean(),
})

test('the three figures equal those of a second way to count', () => {
  fc.assert(
    fc.property(fc.array(shape, { maxLength: 6 }), (shapes) => {
      const cases = shapes.map(worked)
      const toClose = shapes.filter(({ isClosed, types }) => isClosed && new Set(types).size === 1)
      const contained = shapes.filter((each) => each.isContained || toClose.includes(each))
      const sealedFirst = contained.filter((each) => each.isSealed || (toClose.includes(each) && !each.isContained))
      expect(chainCompletenessRate(cases)).toMatchObject({ of: sealedFirst.length, from: contained.length })
      const time = timeToClassification(cases)
      const first = cases.flatMap(({ types, graphAt }) => (types[0] ? [Number(types[0].at - graphAt) / 1e6] : []))
      expect(time.classified + time.open).toBe(cases.length)
      expect(time.open).toBe(shapes.filter(({ types }) => types.length === 0).length)
      expect(time.reclassified.of).toBe(shapes.filter(({ types }) => new Set(types).size > 1).length)
      if (time.p50Ms !== undefined) {
        const below = first.filter((ms) => Math.floor(ms) <= time.p50Ms!).length
        expect(below).toBeGreaterThanOrEqual(first.length / 2)
      }
      expect(refinementAppliedRate(cases)).toMatchObject({ of: toClose.length, from: toClose.length })
    }),
    { numRuns: 60 },
  )
})

test('a false alarm counts for refinement only where it changed a threshold', () => {
  const alarm = (changedThreshold?: true): CaseState => {
    const driver = new CaseDriver(MATRIX)
    driver.must({
      kind: 'closed',
      resolution: 'false-positive',
      reason: 'an approved change',
      ...(changedThreshold === undefined ? {} : { changedThreshold }),
    })
    return driver.case
  }
  expect(refinementAppliedRate([alarm()])).toEqual({ of: 0, from: 0 })
  expect(refinementAppliedRate([alarm(true)])).toEqual({ of: 0, from: 1, share: 0 })
})

test('a replay that is not caught earlier is no refinement, whatever is active', () => {
  const driver = new CaseDriver(MATRIX)
  driver.classify(TYPES[1]!)
  driver.seal()
  driver.workUntil(TYPES[1]!, 'end')
  driver.must({ kind: 'closed', resolution: 'resolved', reason: 'done' })
  expect(refinementAppliedRate([driver.case]).share).toBe(1)
  const facts = new Map(driver.case.facts)
  facts.set('replay-outcome', { ...facts.get('replay-outcome')!, value: 'not-earlier' })
  expect(refinementAppliedRate([{ ...driver.case, facts }]).share).toBe(0)
})

test('times are counted from the graph, stage by stage', () => {
  const stages = timesOf(worked({ types: [0], isSealed: true, isContained: false, isClosed: true }))
  expect(stages.map(({ stage }) => stage)).toEqual([
    'classified',
    'sealed',
    'detect closed',
    'analyze closed',
    'contain closed',
    'eradicate closed',
    'recover closed',
    'learn closed',
    'closed',
  ])
  expect(stages.every(({ ms }, at) => at === 0 || ms >= stages[at - 1]!.ms)).toBe(true)
})

test('a percentile is a value that was measured', () => {
  expect(percentile([], 50)).toBeUndefined()
  expect(percentile([3, 1, 2], 50)).toBe(2)
  expect(percentile([1, 2], 50)).toBe(1)
  expect(percentile([5, 1], 95)).toBe(5)
})

function status(
  values: Readonly<Partial<Record<ArtifactId, readonly [expected: number, value: number]>>>,
): EvidenceStatus {
  const artifacts = (['A1', 'A2'] as const).map((id) => {
    const [expected, value] = values[id] ?? [0, 0]
    return {
      id,
      name: id,
      state: 'partial' as const,
      count: expected,
      expected,
      bytes: 0,
      ...(expected === 0 ? {} : { completeness: value / expected }),
      reason: '',
      missing: [],
      missingTotal: 0,
    }
  })
  return { conversation: 'c', artifacts, completeness: 0 }
}

test('an incident is as complete as its least artifact over all its conversations', () => {
  const { completeness, artifacts } = incidentEvidence(
    [status({ A1: [1, 1] }), status({ A1: [3, 1.5], A2: [2, 2] })],
    true,
  )
  expect(artifacts.map(({ id, completeness: share }) => [id, share])).toEqual([
    ['A1', 0.625],
    ['A2', 1],
  ])
  expect(completeness).toBe(0.625)
})

test('nothing expected is no proof of completeness, and whole is said only of what is whole', () => {
  expect(incidentEvidence([], true).completeness).toBe(0)
  expect(incidentEvidence([status({})], true).completeness).toBe(0)
  const nearly = [status({ A1: [3, 3] }), status({ A1: [1e15, 1e15 - 0.25] })]
  expect(incidentEvidence(nearly, true).completeness).toBeLessThan(1)
  expect(incidentEvidence([status({ A1: [3, 3] }), status({ A1: [7, 7] })], true).completeness).toBe(1)
})

const MINUTE = 60_000_000_000n
const minutes = (count: number) => (BigInt(Math.round(count * 60)) * 1_000_000_000n) as UnixNano
const ENDS = {
  capture: minutes(1),
  'baseline-decision': minutes(2),
  correlation: minutes(4),
  triage: minutes(5),
  response: minutes(9),
}

test('exposure is the acts of each stage, and the last stage has its end', () => {
  const acts = [0, 0.5, 1, 3, 8.5, 9, 10].map(minutes)
  const exposure = exposureOf({ acts, ends: ENDS, gaps: [] })
  expect(EXPOSURE_STAGES.map((stage) => exposure[stage].least)).toEqual([2, 1, 1, 0, 2])
  expect(exposure.total).toEqual({ least: 6, most: 6 })
})

test('a gap makes a range by the highest minute that was seen, and overlapping gaps count once', () => {
  const acts = [0, 0.5, 6].map(minutes)
  const gaps = [
    { from: minutes(6.5), until: minutes(8) },
    { from: minutes(7), until: minutes(8.5) },
  ]
  expect(exposureOf({ acts, ends: ENDS, gaps }).response).toEqual({ least: 1, most: 5 })
})

test('acts are counted once whatever the stages, and the range holds the truth', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 40 }),
      fc.array(fc.nat(600), { minLength: 5, maxLength: 5 }),
      (seconds, ends) => {
        const [a, b, c, d, e] = ends
          .toSorted((x, y) => x - y)
          .map((each) => (BigInt(each) * MINUTE) / 60n) as UnixNano[]
        const acts = seconds.map((each) => ((BigInt(each) * MINUTE) / 60n) as UnixNano)
        const { total } = exposureOf({
          acts,
          ends: { capture: a!, 'baseline-decision': b!, correlation: c!, triage: d!, response: e! },
          gaps: [],
        })
        expect(total).toEqual({
          least: acts.filter((at) => at <= e!).length,
          most: acts.filter((at) => at <= e!).length,
        })
      },
    ),
  )
})
