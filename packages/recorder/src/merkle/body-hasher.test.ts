import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Bodies, hashBodies } from './body-hasher.ts'

/** Lengths around every edge of a block, and some that the kernel leaves to a call of their own. */
const length = fc.oneof(
  { weight: 8, arbitrary: fc.nat(300) },
  { weight: 2, arbitrary: fc.nat(5_000) },
  { weight: 1, arbitrary: fc.integer({ min: 32_600, max: 40_000 }) },
)

test('equals node:crypto for bodies of any lengths, with and without what is hashed behind them', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ length, suffix: fc.string({ maxLength: 80 }) }), { maxLength: 40 }), (shapes) => {
      const bodies = bodiesOf(shapes)
      const output = Buffer.alloc(shapes.length * 32 + 16, 7)
      hashBodies(bodies, output, true)
      expect(output.equals(expected(bodies, output.length))).toBe(true)
    }),
    { numRuns: 150 },
  )
})

test('fills its memory to the last byte, with one long message beside many short ones', () => {
  // 320 KiB hold 128 bytes of state, 32,768 of the long message and 4,606 short ones of a block each.
  // The long one is still being read when the lane beside it has ended at the end of the memory.
  const shapes = Array.from({ length: 9_214 }, (_, i) => ({ length: i % 4_607 === 4_600 ? 32_700 : 3, suffix: '' }))
  const bodies = bodiesOf(shapes)
  const output = Buffer.alloc(shapes.length * 32, 7)
  hashBodies(bodies, output, true)
  expect(output.equals(expected(bodies, output.length))).toBe(true)
})

test('one call for each body gives the same, and either may be chosen', () => {
  const bodies = bodiesOf([0, 1, 23, 24, 100, 70_000].map((bytes) => ({ length: bytes, suffix: 'é' })))
  const output = Buffer.alloc(6 * 32)
  const whole = expected(bodies, output.length)
  hashBodies(bodies, output, false)
  expect(output.equals(whole)).toBe(true)
  hashBodies(bodies, output.fill(0))
  expect(output.equals(whole)).toBe(true)
})

/** Bodies one after another with a byte between them, in an array that is no Buffer. */
function bodiesOf(shapes: readonly { readonly length: number; readonly suffix: string }[]): Bodies {
  let at = 0
  const starts = Uint32Array.from(shapes, (shape) => (at += shape.length + 1) - shape.length)
  const ends = starts.map((start, i) => start + (shapes[i]?.length ?? 0))
  const bytes = Uint8Array.from({ length: at }, (_, i) => (i * 131 + (i >> 8)) & 255)
  const suffixes = new Map(shapes.map(({ suffix }, i) => [i, suffix] as const))
  return { bytes, starts, ends, salt: Buffer.alloc(32, 9), suffixes }
}

function expected({ bytes, starts, ends, salt, suffixes }: Bodies, total: number): Buffer {
  const output = Buffer.alloc(total, 7)
  for (const [i, start] of starts.entries()) {
    const body = bytes.subarray(start, ends[i])
    const suffix = suffixes.get(i) ?? ''
    createHash('sha256')
      .update(salt)
      .update(body)
      .update(suffix)
      .digest()
      .copy(output, i * 32)
  }
  return output
}
