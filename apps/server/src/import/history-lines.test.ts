import fc from 'fast-check'
import { expect, test } from 'vitest'
import { historyPieces, type SkippedLine } from './history-lines.ts'

async function piecesOf(text: string, cuts: readonly number[], maxBytes: { piece: number; line: number }) {
  const bytes = Buffer.from(text)
  const skipped: SkippedLine[] = []
  async function* chunks() {
    let from = 0
    for (const cut of [...cuts, bytes.length].map((at) => at % (bytes.length + 1)).toSorted((a, b) => a - b)) {
      if (cut > from) yield bytes.subarray(from, cut)
      from = Math.max(from, cut)
    }
  }
  const lines = new Map<number, string>()
  for await (const piece of historyPieces(chunks(), (line) => void skipped.push(line), maxBytes)) {
    for (const [i, line] of Buffer.from(piece.bytes).toString().split('\n').slice(0, -1).entries())
      lines.set(piece.firstLine + i, line)
  }
  return { lines, skipped }
}

test('every line comes once, under its number, however the bytes arrive and whatever is left out', async () => {
  const line = fc.string({ unit: fc.constantFrom('a', 'ü', '"', ' '), maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 30 }),
      fc.array(fc.nat(600), { maxLength: 12 }),
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 4, max: 40 }),
      async (lines, cuts, piece, longest) => {
        const read = await piecesOf(lines.join('\n'), cuts, { piece, line: longest })
        const kept = (text: string) => Buffer.byteLength(text) <= longest
        const expected = lines.flatMap((text, i) => (kept(text) && text !== '' ? [[i + 1, text]] : []))
        expect([...read.lines].filter(([, text]) => text !== '')).toEqual(expected)
        expect(read.skipped).toEqual(
          lines.flatMap((text, i) => (kept(text) ? [] : [{ line: i + 1, bytes: Buffer.byteLength(text) }])),
        )
      },
    ),
    { numRuns: 300 },
  )
})
