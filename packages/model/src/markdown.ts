import type { CsvCell } from './csv.ts'
import { visibleText } from './visible-text.ts'

/** A Markdown table whose cells are plain text: no link, image, emphasis or HTML survives. The first row is the head. */
export function markdownTable(
  [head = [], ...rows]: readonly (readonly CsvCell[])[],
  isRight: (column: number) => boolean = () => false,
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`
  return [
    line(head.map(markdownCell)),
    line(head.map((_, column) => (isRight(column) ? '---:' : '---'))),
    ...rows.map((row) => line(row.map(markdownCell))),
  ].join('')
}

/** A text as code within a line, whatever backticks it holds (CommonMark 6.1). */
export function markdownCode(text: string): string {
  const runs = text.match(/`+/g) ?? []
  const fence = '`'.repeat(Math.max(0, ...runs.map(({ length }) => length)) + 1)
  return runs.length === 0 ? `${fence}${visibleText(text)}${fence}` : `${fence} ${visibleText(text)} ${fence}`
}

function markdownCell(value: CsvCell): string {
  if (value === undefined) return ''
  return visibleText(String(value)).replaceAll(/[\\`*_{}[\]()<>#+!|~&:@]/g, (character) => `\\${character}`)
}
