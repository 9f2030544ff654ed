import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type SeenValue, SeenValues } from './seen-values.ts'

const seen: fc.Arbitrary<SeenValue> = fc.record({
  at: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  entry: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  execution: fc.string(),
})
const digest = fc.stringMatching(/^[0-9a-f]{1,64}$/)

test('gives back what was packed, in order, and leaves out what is known', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(digest, seen), { selector: ([name]) => name }),
      fc.func(fc.boolean()),
      (all, isKnown) => {
        const values = new SeenValues(all)
        const known = new Set(all.map(([name]) => name).filter((name) => isKnown(name)))
        expect(values.digests()).toEqual(all.map(([name]) => name))
        expect(values.but(new Set())).toEqual(all)
        expect(values.but(known)).toEqual(all.filter(([name]) => !known.has(name)))
      },
    ),
  )
})
