import { expect, test } from 'vitest'
import { paintFor } from './colour.ts'
import { csvListText, tableText, type Column } from './table.ts'

type Row = { readonly at: string; readonly what: string }
const columns: readonly Column<Row>[] = [
  { title: 'AT (UTC)', value: ({ at }) => at },
  { title: 'WHAT', value: ({ what }) => what },
]
const rows: readonly Row[] = [
  { at: '2026-11-22T14:32:41Z', what: 'whole' },
  { at: '2026-11-22T14:32:41.06Z', what: '2026-11-22T14:32:41.060123Z said so' },
  { at: '2026-11-22T14:32:37.948839874Z', what: 'exact' },
  { at: 'never', what: '' },
]
const paint = paintFor({ isTerminal: false }, {})
const times = (isWide: boolean, some = rows) =>
  tableText({ columns, rows: some, paint, isWide })
    .split('\n')
    .slice(1, some.length + 1)
    .map((line) => line.split('  ')[0])

test('times of one column have one precision: milliseconds in a table, all that is known in a wide one', () => {
  expect(times(false)).toEqual([
    '2026-11-22T14:32:41.000Z',
    '2026-11-22T14:32:41.060Z',
    '2026-11-22T14:32:37.948Z',
    'never',
  ])
  expect(times(true)).toEqual([
    '2026-11-22T14:32:41.000000000Z',
    '2026-11-22T14:32:41.060000000Z',
    '2026-11-22T14:32:37.948839874Z',
    'never',
  ])
})

test('times of whole seconds stay, and so does a time inside of a sentence, and all of a data form', () => {
  expect(times(false, rows.slice(0, 1))).toEqual(['2026-11-22T14:32:41Z'])
  expect(tableText({ columns, rows, paint, isWide: false })).toContain('2026-11-22T14:32:41.060123Z said so')
  expect(csvListText(columns, rows)).toContain('2026-11-22T14:32:37.948839874Z')
})
