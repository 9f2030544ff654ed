import { type CsvCell, csvText, markdownCode, markdownTable, printableJson, shellWord } from '@holdfast/model'

export type CopyFormName = 'link' | 'cli' | 'curl' | 'json' | 'markdown' | 'csv'

export type CopySource = {
  /** Address of the page. */
  readonly href: string
  /** The command line that shows the same; its captured words are quoted by who made it. */
  readonly command: string
  /** Path of the API that answers it. */
  readonly api: string
  /** What it answered, or will. */
  readonly value: unknown
  /** Rows of the page's table with a head, where the answer's own items are not what it shows. */
  readonly table?: (() => readonly (readonly CsvCell[])[]) | undefined
}

/** The forms in the order of the menu, as they are called there. */
export const COPY_FORMS: Readonly<Record<CopyFormName, string>> = {
  link: 'Link',
  cli: 'Command line',
  curl: 'curl',
  json: 'JSON',
  markdown: 'Markdown',
  csv: 'CSV',
}

/**
 * A page's answer for the clipboard. Whatever was captured in it, a terminal that it is pasted into obeys nothing of it, a
 * shell runs nothing of it, a spreadsheet computes nothing and Markdown makes no link of it.
 */
export function copyText(form: CopyFormName, { href, command, api, value, table }: CopySource): string {
  const rows = (): readonly (readonly CsvCell[])[] => table?.() ?? rowsOf(value)
  switch (form) {
    case 'link':
      return href
    case 'cli':
      return command
    case 'curl':
      return `curl -H "Authorization: Bearer $HOLDFAST_TOKEN" ${shellWord(new URL(api, href).href)}`
    case 'json':
      return printableJson(value, 2)
    case 'markdown':
      // Parentheses would end the address of a link.
      return `[Holdfast](${href.replaceAll('(', '%28').replaceAll(')', '%29')}) · ${markdownCode(command)}\n\n${markdownTable(rows())}`
    case 'csv':
      return csvText(rows())
  }
}

/** An answer as rows: each of its items, or else each of its own fields. What is deeper stands as JSON in its cell. */
export function rowsOf(value: unknown): readonly (readonly CsvCell[])[] {
  const items = itemsOf(value)
  if (items === undefined) return [['field', 'value'], ...fieldsOf(value).map(([name, field]) => [name, cellOf(field)])]
  const columns = [...new Set(items.flatMap((item) => fieldsOf(item).map(([name]) => name)))]
  if (columns.length === 0) return [['value'], ...items.map((item) => [cellOf(item)])]
  return [columns, ...items.map((item) => cellsOf(new Map(fieldsOf(item)), columns))]
}

function cellsOf(fields: ReadonlyMap<string, unknown>, columns: readonly string[]): readonly CsvCell[] {
  return columns.map((name) => cellOf(fields.get(name)))
}

/** The list that an answer is, or holds as `items`. */
function itemsOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value
  const [, items] = fieldsOf(value).find(([name]) => name === 'items') ?? []
  return Array.isArray(items) ? items : undefined
}

function fieldsOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}

function cellOf(value: unknown): CsvCell {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string' || typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  const isFlat = Array.isArray(value) && value.every((item) => typeof item === 'string' || typeof item === 'number')
  return isFlat ? value.join(' ') : printableJson(value)
}
