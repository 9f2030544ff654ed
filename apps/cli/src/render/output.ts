import { type OwnWords, wordsAs } from '../called-as.ts'
import type { CliContext } from '../context.ts'
import { CliError } from '../cli-error.ts'
import { paintFor, type Paint } from './colour.ts'
import type { ListFormat } from './formats.ts'
import { jsonText } from './json.ts'
import { csvListText, markdownText, tableText, type Column } from './table.ts'
import { withReadableTimes } from './times.ts'
import { yamlText } from './yaml.ts'

/** The format that was asked for; `--json` beside another one is a contradiction. */
export function formatOf<F extends string>(
  flags: { readonly output?: F; readonly json: boolean },
  fallback: F,
): F | 'json' {
  if (!flags.json) return flags.output ?? fallback
  if (flags.output !== undefined && flags.output !== 'json') {
    throw new CliError('usage', `--json contradicts --output ${flags.output}`)
  }
  return 'json'
}

export function paintOf(context: CliContext): Paint {
  return paintFor(context.stdout, context.env)
}

export type List<Row> = {
  readonly format: ListFormat
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  /** What `-o json` and `-o yaml` print, where that is not the rows themselves. */
  readonly document?: unknown
}

/** Prints a list in any of its formats to standard output. */
export function printList<Row>(context: CliContext, list: List<Row>): void {
  context.stdout.write(listText(list, paintOf(context)))
}

function listText<Row>(list: List<Row>, paint: Paint): string {
  const document = (): unknown => withReadableTimes(list.document ?? list.rows)
  switch (list.format) {
    case 'table':
    case 'wide':
      return tableText({ columns: list.columns, rows: list.rows, paint, isWide: list.format === 'wide' })
    case 'json':
      return `${jsonText(document(), 2)}\n`
    case 'ndjson':
      return list.rows.map((row) => `${jsonText(withReadableTimes(row))}\n`).join('')
    case 'yaml':
      return yamlText(document())
    case 'csv':
      return csvListText(list.columns, list.rows)
    case 'md':
      return markdownText(list.columns, list.rows)
  }
}

/** Prints one document as JSON or YAML. */
export function printDocument(context: CliContext, format: 'json' | 'yaml', document: unknown): void {
  const readable = withReadableTimes(document)
  context.stdout.write(format === 'json' ? `${jsonText(readable, 2)}\n` : yamlText(readable))
}

/** A line of talk, to standard error. */
export function say(context: CliContext, line: string | OwnWords): void {
  context.stderr.write(`${wordsAs(line, context.program)}\n`)
}
