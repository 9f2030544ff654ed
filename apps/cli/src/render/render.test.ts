import fc from 'fast-check'
import { expect, test } from 'vitest'
import { paintFor, plain } from './colour.ts'
import { jsonText } from './json.ts'
import { csvListText, markdownText, tableText, type Column } from './table.ts'
import { clip, widthOf } from './width.ts'
import { yamlText } from './yaml.ts'

type Row = { readonly name: string; readonly events: number }
const columns: readonly Column<Row>[] = [
  { title: 'NAME', value: (row) => row.name },
  { title: 'EVENTS', value: (row) => row.events, align: 'right' },
]
const rows: readonly Row[] = [
  { name: 'desk', events: 12 },
  { name: '=cmd|"x"', events: 3 },
]

test('a table aligns its columns and prints no trailing space', () => {
  expect(tableText({ columns, rows, paint: plain, isWide: false })).toBe(
    'NAME      EVENTS\ndesk          12\n=cmd|"x"       3\n',
  )
})

test('wide characters take two columns', () => {
  expect(widthOf('東京 ok')).toBe(7)
  expect(clip('東京東京', 5)).toBe('東京…')
})

test('csv quotes by RFC 4180 and disarms formulas', () => {
  expect(csvListText(columns, rows)).toBe('name,events\r\ndesk,12\r\n"\'=cmd|""x""",3\r\n')
})

test('markdown cells carry no markup', () => {
  const hostile = [{ name: '![x](http://e.test) <b>a|b', events: 1 }]
  expect(markdownText(columns, hostile)).toBe(
    '| name | events |\n| --- | ---: |\n| \\!\\[x\\]\\(http\\://e.test\\) \\<b\\>a\\|b | 1 |\n',
  )
})

test('json is the same value and holds nothing that a terminal obeys', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
      const data = { value, text }
      const printed = jsonText(data, 2)
      expect(JSON.parse(printed)).toEqual(JSON.parse(JSON.stringify(data)))
      expect(printed.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    }),
  )
})

test('yaml nests blocks and quotes every string', () => {
  expect(yamlText({ a: 'no', list: [{ b: 1, c: [] }, 'x\u202e'], on: {}, gone: undefined })).toBe(
    'a: "no"\nlist:\n  - b: 1\n    c: []\n  - "x\\u202e"\n"on": {}\n',
  )
})

test('colour follows NO_COLOR, FORCE_COLOR, TERM and the terminal, in that order', () => {
  const isPlain = (isTerminal: boolean, env: Record<string, string>) => paintFor({ isTerminal }, env) === plain
  expect(isPlain(true, {})).toBe(false)
  expect(isPlain(false, {})).toBe(true)
  expect(isPlain(true, { NO_COLOR: '1', FORCE_COLOR: '1' })).toBe(true)
  expect(isPlain(true, { TERM: 'dumb' })).toBe(true)
  expect(isPlain(false, { FORCE_COLOR: '1' })).toBe(false)
  expect(isPlain(true, { FORCE_COLOR: '0' })).toBe(true)
})

test('an agent keeps its colour', () => {
  const paint = paintFor({ isTerminal: true }, {})
  expect(paint.agent('host:-/desk', 'desk')).toBe(paint.agent('host:-/desk', 'desk'))
})
