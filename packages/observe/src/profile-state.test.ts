import fc from 'fast-check'
import { expect, test } from 'vitest'
import { added, counted, spreadOf, type Histogram } from './histogram.ts'
import { isExcluded } from './marks.ts'
import { chunkOf, decodeProofs, encodeProofs, withoutProofs } from './proofs.ts'

const proof = fc.record({ entry: fc.nat(1e9), claimedAt: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }) })

test('proofs come back as they were put in, ordered, and the same set gives the same bytes', () => {
  fc.assert(
    fc.property(fc.array(proof, { maxLength: 40 }), (proofs) => {
      const bytes = encodeProofs(proofs)
      expect(encodeProofs(proofs.toReversed())).toEqual(bytes)
      expect(new Set(decodeProofs(bytes).map(({ entry, claimedAt }) => `${entry} ${claimedAt}`))).toEqual(
        new Set(proofs.map(({ entry, claimedAt }) => `${entry} ${claimedAt}`)),
      )
      expect(decodeProofs(bytes).length).toBe(proofs.length)
    }),
  )
  expect([chunkOf(1_023), chunkOf(1_024)]).toEqual([0, 1])
})

test('a chunk of a batch takes about six bytes a sighting', () => {
  const proofs = Array.from({ length: 1_024 }, (_, i) => ({
    entry: 5_000_000 + i,
    claimedAt: 1_767_225_600_000_000_000n + BigInt(i) * 2_000_000_000n,
  }))
  expect(encodeProofs(proofs).length).toBeLessThan(1_024 * 7)
})

test('a proof that is taken out goes once, however often it stands there', () => {
  const one = { entry: 3, claimedAt: 5n }
  expect(withoutProofs([one, one, { entry: 4, claimedAt: 5n }], [one])).toEqual([one, { entry: 4, claimedAt: 5n }])
})

test('quantiles are within one hundredth of the exact ones, and what was put in can be taken out', () => {
  const amounts = fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1, maxLength: 200 })
  fc.assert(
    fc.property(amounts, amounts, (all, gone) => {
      const full = all.reduce<Histogram>((sum, amount) => counted(sum, amount), new Map())
      const sorted = all.toSorted((a, b) => a - b)
      const spread = spreadOf(full)
      for (const [share, value] of [
        [0.5, spread?.p50],
        [0.95, spread?.p95],
        [0.99, spread?.p99],
      ] as const) {
        const exact = sorted[Math.ceil(share * all.length) - 1] ?? 0
        expect(Math.abs((value ?? 0) - exact)).toBeLessThanOrEqual(exact * 0.0151 + 0.5)
      }
      const more = gone.reduce<Histogram>((sum, amount) => counted(sum, amount), full)
      const less = gone.reduce<Histogram>((sum, amount) => counted(sum, amount, -1), more)
      expect(new Map(less)).toEqual(new Map(full))
      const apart = gone.reduce<Histogram>((sum, amount) => counted(sum, amount), new Map())
      expect(new Map(added(full, apart))).toEqual(new Map(more))
    }),
  )
})

test('a mark covers times from its start up to its end, or positions with both ends, and nothing where it names neither', () => {
  const at = (entry: number, claimedAt: bigint) => ({ entry, claimedAt })
  const times = { markId: 'm', from: 10n, to: 20n, positions: [] }
  expect([9n, 10n, 19n, 20n].map((time) => isExcluded([times], at(0, time)))).toEqual([false, true, true, false])
  const positions = { markId: 'p', positions: [[3, 5]] as const }
  expect([2, 3, 5, 6].map((entry) => isExcluded([positions], at(entry, 10n)))).toEqual([false, true, true, false])
  expect(isExcluded([{ markId: 'n', positions: [] }], at(1, 1n))).toBe(false)
})
