import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clusteredInterval } from './intervals.ts'

test('the interval holds the share and lies between none and all', () => {
  const cluster = fc.nat(20).chain((runs) => fc.record({ runs: fc.constant(runs + 1), hits: fc.nat(runs + 1) }))
  fc.assert(
    fc.property(fc.array(cluster, { minLength: 1, maxLength: 12 }), (clusters) => {
      const interval = clusteredInterval(clusters)
      const share =
        clusters.reduce((sum, { hits }) => sum + hits, 0) / clusters.reduce((sum, { runs }) => sum + runs, 0)
      expect(interval?.low).toBeGreaterThanOrEqual(0)
      expect(interval?.high).toBeLessThanOrEqual(1)
      expect(interval?.low).toBeLessThanOrEqual(share + 1e-9)
      expect(interval?.high).toBeGreaterThanOrEqual(share - 1e-9)
    }),
    { numRuns: 20 },
  )
})
test('one cluster that holds half of the runs widens the interval', () => {
  const even = clusteredInterval(Array.from({ length: 20 }, (_, i) => ({ runs: 1, hits: i % 2 })))
  const lumped = clusteredInterval([
    { runs: 10, hits: 10 },
    ...Array.from({ length: 10 }, () => ({ runs: 1, hits: 0 })),
  ])
  expect((lumped?.high ?? 0) - (lumped?.low ?? 0)).toBeGreaterThan((even?.high ?? 0) - (even?.low ?? 0))
})
test('the same counts give the same interval', () => {
  const clusters = [
    { runs: 5, hits: 2 },
    { runs: 9, hits: 8 },
  ]
  expect(clusteredInterval(clusters)).toEqual(clusteredInterval(clusters))
})
test('nothing to count has no interval', () => {
  expect(clusteredInterval([])).toBeUndefined()
})
