import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashRun } from './sha256-batch.ts'

test('equals node:crypto for leaves and nodes in any number, and touches nothing else', () => {
  const shape = fc.constantFrom({ prefix: 0, stride: 77 }, { prefix: 1, stride: 64 })
  fc.assert(
    fc.property(
      shape,
      fc.integer({ min: 0, max: 40 }),
      fc.nat(50),
      fc.infiniteStream(fc.nat(255)),
      (kind, count, at, bytes) => {
        const input = Buffer.from([...bytes.take(at + count * kind.stride)])
        const output = Buffer.alloc(at + count * 32 + 50, 7)
        hashRun({ ...kind, input, inputAt: at, count, output, outputAt: at })
        expect(output.toString('hex')).toBe(expected(kind, { input, at, count }).toString('hex'))
      },
    ),
    { numRuns: 150 },
  )
})

test('goes on over more messages than it takes at once, in place', () => {
  const count = 2600
  const buffer = Buffer.from(Array.from({ length: count * 64 }, (_, i) => (i * 31) % 251))
  const whole = expected({ prefix: 1, stride: 64 }, { input: Buffer.from(buffer), at: 0, count })
  hashRun({ prefix: 1, stride: 64, input: buffer, inputAt: 0, count, output: buffer, outputAt: 0 })
  expect(buffer.subarray(0, count * 32).equals(whole.subarray(0, count * 32))).toBe(true)
})

function expected(
  { prefix, stride }: { readonly prefix: number; readonly stride: number },
  { input, at, count }: { readonly input: Buffer; readonly at: number; readonly count: number },
): Buffer {
  const output = Buffer.alloc(at + count * 32 + 50, 7)
  for (let i = 0; i < count; i++) {
    const message = input.subarray(at + i * stride, at + (i + 1) * stride)
    createHash('sha256')
      .update(Buffer.of(prefix))
      .update(message)
      .digest()
      .copy(output, at + i * 32)
  }
  return output
}
