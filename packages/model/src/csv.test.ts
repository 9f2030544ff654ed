import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvText } from './csv.ts'

test('cells are quoted by RFC 4180, numbers are numbers, and what is absent is empty', () => {
  expect(
    csvText([
      ['a', 'b,c', 'd"e'],
      [-1, 2.5, undefined],
    ]),
  ).toBe('a,"b,c","d""e"\r\n-1,2.5,\r\n')
})

test('no text begins a formula, at the start of a cell or after a semicolon that some spreadsheets split at', () => {
  expect(csvText([['=1+1', '＝1', ' @SUM(A1)', '-2', "'=1"]])).toBe("'=1+1,'＝1,' @SUM(A1),'-2,''=1\r\n")
  expect(csvText([['a;=cmd|x', 'b;";+1']])).toBe('"a;\'=cmd|x","b;"";\'+1"\r\n')
})

test('a text spans no line and holds no control character', () => {
  expect(csvText([['a\r\n=b\t\u001b[31m\u202e']])).toBe('a␍␊=b␉␛[31m<U+202E>\r\n')
})

test('whatever the texts are, rows and cells are counted as they were given', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[=+\-@;,"'\s]*$/))
  fc.assert(
    fc.property(fc.array(fc.array(text, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 }), (rows) => {
      const lines = csvText(rows).split('\r\n')
      expect(lines.pop()).toBe('')
      expect(lines.map(cellsOf)).toEqual(rows.map((row) => row.length))
      // As one sees it that splits at semicolons; whoever splits at commas knows of quotes.
      for (const line of lines) for (const cell of line.split(';')) expect(cell).not.toMatch(/^["\s]*[=@+-]/)
      for (const row of rows) expect(csvText([[row[0]]])).not.toMatch(/^["\s]*[=@+-]/)
    }),
  )
})

/** Cells of a line, by the quotes alone. */
function cellsOf(line: string): number {
  let isQuoted = false
  let cells = 1
  for (const sign of line) {
    if (sign === '"') isQuoted = !isQuoted
    else if (sign === ',' && !isQuoted) cells += 1
  }
  return cells
}
