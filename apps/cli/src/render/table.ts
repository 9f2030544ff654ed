import { csvText, markdownTable } from '@holdfast/model'
import { CELL_COLUMNS } from '../limits.ts'
import type { Paint } from './colour.ts'
import { inert } from './inert.ts'
import { clip, pad, widthOf } from './width.ts'

/** One column of a list. `value` gives data (csv, md) and, unless `show` says otherwise, what a person reads. */
export type Column<Row> = {
  readonly title: string
  readonly value: (row: Row) => string | number | undefined
  readonly show?: (row: Row) => string
  /** Colours the padded cell. */
  readonly paint?: (row: Row, text: string, paint: Paint) => string
  readonly align?: 'right'
  /** Widest it gets in `-o table`, in columns; CELL_COLUMNS unless told. */
  readonly widest?: number
  /** Shown by `-o wide` only; csv and md hold every column. */
  readonly isWide?: true
}

export type TableOptions<Row> = {
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly paint: Paint
  readonly isWide: boolean
}

/** Aligned columns under a head line. Every cell is made inert here; painting happens after that. */
export function tableText<Row>(options: TableOptions<Row>): string {
  const columns = options.columns.filter((column) => options.isWide || column.isWide !== true)
  const told = options.rows.map((row) => columns.map((column) => cellOf(column, row, options.isWide)))
  const digits = columns.map((_, i) => fractionDigits(told.map((line) => line[i] ?? '')))
  const cells = told.map((line) =>
    line.map((text, i) => withFraction(text, Math.min(digits[i] ?? 0, options.isWide ? EXACT_DIGITS : MILLIS_DIGITS))),
  )
  const widths = columns.map((column, i) =>
    Math.max(widthOf(column.title), ...cells.map((line) => widthOf(line[i] ?? ''))),
  )
  const head = columns.map((column, i) => pad(column.title, widths[i] ?? 0, sideOf(column))).join('  ')
  const body = options.rows.map((row, r) =>
    columns
      .map((column, i) => {
        const isLast = i === columns.length - 1
        const text = cells[r]?.[i] ?? ''
        const filled = isLast && column.align === undefined ? text : pad(text, widths[i] ?? 0, sideOf(column))
        return column.paint === undefined ? filled : column.paint(row, filled, options.paint)
      })
      .join('  ')
      .trimEnd(),
  )
  return [options.paint.bold(head.trimEnd()), ...body].map((line) => `${line}\n`).join('')
}

/** `-o table` tells times to the millisecond, as pages do; `-o wide` and every data form keep what is known. */
const MILLIS_DIGITS = 3
const EXACT_DIGITS = 9
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/

/** Digits behind the second of the most exact time of a column. */
function fractionDigits(cells: readonly string[]): number {
  return Math.max(0, ...cells.map((text) => TIME.exec(text)?.[2]?.length ?? 0))
}

/** A time with so many digits behind its second, so that those of one column stand below each other; any other text as it is. */
function withFraction(text: string, digits: number): string {
  const [, seconds, fraction = ''] = TIME.exec(text) ?? []
  if (seconds === undefined) return text
  return digits === 0 ? `${seconds}Z` : `${seconds}.${fraction.slice(0, digits).padEnd(digits, '0')}Z`
}

function cellOf<Row>(column: Column<Row>, row: Row, isWide: boolean): string {
  const text = inert(column.show === undefined ? String(column.value(row) ?? '-') : column.show(row))
  return isWide ? text : clip(text, column.widest ?? CELL_COLUMNS)
}

function sideOf(column: { readonly align?: 'right' }): 'left' | 'right' {
  return column.align === 'right' ? 'left' : 'right'
}

/** Every column, under a head line of its names in small letters. */
export function csvListText<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const head = columns.map((column) => csvName(column.title))
  return csvText([head, ...rows.map((row) => columns.map((column) => column.value(row)))])
}

function csvName(title: string): string {
  return title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')
}

/** Every column as a Markdown table of plain text. */
export function markdownText<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const head = columns.map((column) => column.title.toLowerCase())
  return markdownTable(
    [head, ...rows.map((row) => columns.map((column) => column.value(row)))],
    (i) => columns[i]?.align === 'right',
  )
}
