import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isLess } from './decimal-order.ts'

test('decimal texts are in the order of their numbers', () => {
  const times = fc.oneof(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), fc.bigInt({ min: 0n, max: 1_000n }))
  fc.assert(
    fc.property(times, times, (a, b) => {
      expect(isLess(a.toString(), b.toString())).toBe(a < b)
    }),
  )
})
