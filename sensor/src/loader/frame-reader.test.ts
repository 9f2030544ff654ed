import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { FrameReader, type Frame } from './frame-reader.ts'
import { MAX_FRAME_BYTES } from './limits.ts'

function frame(sequence: number, kind: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(16)
  head.writeUInt32LE(payload.length, 0)
  head.writeUInt16LE(kind, 4)
  head.writeBigUInt64LE(BigInt(sequence), 8)
  return Buffer.concat([head, payload])
}

test('frames come out whole, whatever the pieces they come in', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(1, 2), fc.uint8Array({ maxLength: 64 })), { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 40 }),
      (wanted, steps) => {
        const stream = Buffer.concat(wanted.map(([kind, payload], index) => frame(index + 1, kind, payload)))
        const reader = new FrameReader()
        const frames: Frame[] = []
        for (let at = 0, step = 0; at < stream.length; step++) {
          const bytes = steps[step % steps.length] ?? 1
          frames.push(...reader.push(stream.subarray(at, at + bytes)))
          at += bytes
        }
        expect(frames).toEqual(
          wanted.map(([kind, payload], index) =>
            kind === 1
              ? { kind: 'records', sequence: index + 1, bytes: Buffer.from(payload) }
              : { kind: 'told', sequence: index + 1, text: Buffer.from(payload).toString('utf8') },
          ),
        )
      },
    ),
  )
})

test('a hole in the sequence is refused', () => {
  const reader = new FrameReader()
  reader.push(frame(1, 1, Buffer.alloc(0)))
  expect(() => reader.push(frame(3, 1, Buffer.alloc(0)))).toThrow('frame 3 follows frame 1')
})

test('a frame longer than any is refused before it is waited for', () => {
  const head = Buffer.alloc(16)
  head.writeUInt32LE(MAX_FRAME_BYTES + 1, 0)
  expect(() => new FrameReader().push(head)).toThrow('longer than any')
})
