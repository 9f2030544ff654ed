import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LineSplitter } from './line-splitter.ts'

/** Lines of text, cut into chunks anywhere. */
const cutText = fc.tuple(
  fc.array(fc.constantFrom('a', 'bcd', '\n', '\r\n', '!', 'x'.repeat(20))),
  fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
)

function chunksOf(text: string, sizes: Iterable<number>): readonly Buffer[] {
  const bytes = Buffer.from(text)
  const chunks: Buffer[] = []
  let at = 0
  for (const size of sizes) {
    if (at >= bytes.length) break
    chunks.push(bytes.subarray(at, at + size))
    at += size
  }
  return chunks
}

test('however a stream is cut, its lines are the same', () => {
  fc.assert(
    fc.property(cutText, ([parts, sizes]) => {
      const text = parts.join('')
      const splitter = new LineSplitter(1_000)
      const lines = chunksOf(text, sizes).flatMap((chunk) => splitter.push(chunk))
      const last = splitter.end()
      const told = [...lines, ...(last === undefined ? [] : [last])].map(({ bytes }) => bytes.toString())
      expect(told.join('')).toBe(text)
      expect(told.slice(0, -1).every((line) => line.endsWith('\n'))).toBe(true)
    }),
  )
})

test('a line beyond the bound is told in pieces, and the next one whole', () => {
  const splitter = new LineSplitter(8)
  const parts = chunksOf('short\n123456789012\nnext\n', [4, 4, 4, 4, 4, 4, 4]).flatMap((chunk) => splitter.push(chunk))
  expect(parts.map((part) => [part.bytes.toString(), part.kind === 'piece' ? part.isEnd : 'line'])).toEqual([
    ['short\n', 'line'],
    ['1234567890', false],
    ['12\n', true],
    ['next\n', 'line'],
  ])
})

test('however long its lines, all bytes of a stream are told in their order', () => {
  fc.assert(
    fc.property(cutText, fc.constantFrom(1, 4, 1_000), ([parts, sizes], maxBytes) => {
      const text = parts.join('')
      const splitter = new LineSplitter(maxBytes)
      const told = chunksOf(text, sizes).flatMap((chunk) => splitter.push(chunk))
      const last = splitter.end()
      const all = [...told, ...(last === undefined ? [] : [last])]
      expect(all.map(({ bytes }) => bytes.toString()).join('')).toBe(text)
      for (const part of all) if (part.kind === 'line') expect(part.bytes.length).toBeLessThanOrEqual(maxBytes)
    }),
  )
})
