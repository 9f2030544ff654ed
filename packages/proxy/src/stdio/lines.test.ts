import fc from 'fast-check'
import { expect, test } from 'vitest'
import { InjectingWriter } from './injecting-writer.ts'
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

test('a line beyond the bound is told as long, and the next one whole', () => {
  const splitter = new LineSplitter(8)
  const lines = chunksOf('short\n123456789012\nnext\n', [4, 4, 4, 4, 4, 4, 4]).flatMap((chunk) => splitter.push(chunk))
  expect(lines.map(({ bytes, isLong }) => [bytes.toString(), isLong])).toEqual([
    ['short\n', false],
    ['', true],
    ['next\n', false],
  ])
})

test('what is put into some lines is all that differs, however the stream is cut', () => {
  fc.assert(
    fc.property(cutText, fc.constantFrom(4, 1_000), ([parts, sizes], maxBytes) => {
      const text = parts.join('')
      let passed = ''
      const writer = new InjectingWriter({
        write: (bytes) => (passed += bytes.toString()),
        maxBytes,
        change: (line) =>
          line.includes('!')
            ? { bytes: Buffer.from(line.toString().replaceAll('!', '<>')), traceparent: 't' }
            : undefined,
      })
      const put = chunksOf(text, sizes).flatMap((chunk) => writer.push(chunk))
      writer.end()
      expect(passed.replaceAll('<>', '!')).toBe(text)
      const lines = text.split('\n')
      const whole = lines.slice(0, -1).flatMap((line, number) => (line.includes('!') ? [number] : []))
      if (maxBytes === 1_000) expect(put.map(([number]) => number)).toEqual(whole)
      else for (const [number] of put) expect(whole).toContain(number)
    }),
  )
})
