import { inertText } from './inert-text.ts'
import type { PageBlock, ReportPage } from './page.ts'

/** A page as Markdown (CommonMark with tables). No text of it is markup, link or HTML, whoever wrote it. */
export function toMarkdown({ title, sections }: ReportPage): string {
  const parts = sections.map((section) =>
    [`## ${escaped(section.title)}`, ...section.blocks.map(blockOf)].filter((text) => text !== '').join('\n\n'),
  )
  return `${[`# ${escaped(title)}`, ...parts].join('\n\n')}\n`
}

function blockOf(block: PageBlock): string {
  switch (block.kind) {
    case 'words':
      return escaped(block.words)
    case 'facts':
      return block.facts.map(([name, value]) => `- ${escaped(name)}: ${escaped(value)}`).join('\n')
    case 'table':
      return block.rows.length === 0 ? `No ${escaped(block.of)} on record.` : tableOf(block)
    case 'verbatim':
      // Indented code is taken as it stands, whatever is in it.
      return block.text
        .split('\n')
        .map((line) => `    ${inertLine(line)}`)
        .join('\n')
        .trimEnd()
  }
}

function tableOf({ columns, rows }: Extract<PageBlock, { readonly kind: 'table' }>): string {
  const row = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`
  return [row(columns), `| ${columns.map(() => '---').join(' | ')} |`, ...rows.map(row)].join('\n')
}

/** Every sign that could mean something is written with a backslash, which Markdown takes for the sign itself. */
function escaped(text: string): string {
  return inertText(text).replaceAll(/[!-/:-@[-`{-~]/g, String.raw`\$&`)
}

/** The note of a checkpoint is ours; its lines are kept whole, for it is verified. */
function inertLine(line: string): string {
  return line.replaceAll(/\p{Cc}/gu, '')
}
