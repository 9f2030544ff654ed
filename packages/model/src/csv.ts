import { visibleText } from './visible-text.ts'

export type CsvCell = string | number | undefined

/**
 * CSV by RFC 4180, one line a row. The one place where captured text meets a spreadsheet: a text that it would run as a
 * formula gets an apostrophe in front, hidden characters are marked. JSON gives the text as it was.
 */
export function csvText(rows: readonly (readonly CsvCell[])[]): string {
  return rows.map((row) => `${row.map(cellText).join(',')}\r\n`).join('')
}

function cellText(value: CsvCell): string {
  if (value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const text = visibleText(value).replaceAll(FORMULA, "$1'$2")
  return /[",;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/**
 * What begins a formula, full-width forms included, at the start of a cell. A spreadsheet of a country that writes decimals
 * with a comma splits at semicolons, inside quotes as well: what follows one begins a cell there.
 */
const FORMULA = /(^|;)(["'\s]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g
