import { cli } from './run.ts'
import { shellWords } from './shell-words.ts'

/** A line that somebody types, and what the document says follows it. */
export type Step = { readonly line: string; readonly follows: string }

/** A block of a document: the text before it and the steps in it. */
export type Block = { readonly before: string; readonly steps: readonly Step[] }

const FENCE = /```console\n([\s\S]*?)```\n/g

/** The blocks of a transcript, and what stands after the last one. */
export function readTranscript(document: string): { readonly blocks: readonly Block[]; readonly after: string } {
  let from = 0
  const blocks = [...document.matchAll(FENCE)].map((match): Block => {
    const before = document.slice(from, match.index)
    from = match.index + match[0].length
    return { before, steps: stepsIn(match[1] ?? '') }
  })
  return { blocks, after: document.slice(from) }
}

function stepsIn(block: string): readonly Step[] {
  return block
    .split(/^\$ /m)
    .filter((part) => part !== '')
    .map((part) => {
      const [line = '', ...follows] = part.split('\n')
      return { line, follows: follows.join('\n') }
    })
}

/** The document with other steps in its blocks. */
export function writeTranscript(read: ReturnType<typeof readTranscript>, steps: readonly (readonly Step[])[]): string {
  const blocks = read.blocks.map(({ before }, i) => {
    const lines = (steps[i] ?? []).map(({ line, follows }) => `$ ${line}\n${follows}`)
    return `${before}\`\`\`console\n${lines.join('')}\`\`\`\n`
  })
  return `${blocks.join('')}${read.after}`
}

/** Runs the line as a reader would: what it prints, then what it says, then how it ended where that is not well. */
export async function follow(
  line: string,
  where: { readonly env: Readonly<Record<string, string>>; readonly cwd: string },
): Promise<string> {
  const [program, ...args] = shellWords(line)
  if (program !== 'holdfast') throw new Error(`a transcript runs holdfast: ${line}`)
  const { code, stdout, stderr } = await cli(args, where)
  const text = `${stdout}${stdout === '' || stdout.endsWith('\n') ? '' : '\n'}${stderr}${code === 0 ? '' : `(exit ${code})\n`}`
  return text
    .replaceAll(`${where.cwd}/`, '')
    .split('\n')
    .map((one) => one.trimEnd())
    .join('\n')
}

/**
 * The text without what is another every time: instants, digests, sizes, keys, addresses, and how wide columns are for them. Of
 * gaps only the number in a document: one that the commands before it have made is written some seconds later.
 */
export function masked(text: string): string {
  return (
    text
      .replaceAll(/\d{4}-\d{2}-\d{2}T\d{2}%3A\d{2}%3A[\d.]+Z/g, '<time>')
      .replaceAll(/\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?/g, '<time>')
      .replaceAll(/holdfast\.local\/[0-9a-f-]+(?:\+[0-9a-f]+\+[A-Za-z0-9+/]+=*)?/g, '<log>')
      .replaceAll(/\b[A-Za-z0-9+/]{40,}={0,2}/g, '<digest>')
      .replaceAll(/127\.0\.0\.1:\d+/g, '<address>')
      .replaceAll(/\b\d[\d,.]*(?= (?:ms|bytes|files|entries|log entries|checkpoints)\b)/g, '<n>')
      .replaceAll(/"(size|checkpoints|checkpointsTotal|gaps|note)": (?:\d+|"[^"]*")/g, '"$1": <n>')
      .replaceAll(/to entry \d+/g, 'to entry <n>')
      // How far a deadline is, which a busy machine may even miss.
      .replaceAll(/\((?:in|missed by) \d[^)]*\)/g, '(<span>)')
      .replaceAll(/#\d+/g, '#<n>')
      // The proofs of an inventory, in a table and in CSV: a gap that is stated before them moves what follows.
      .replaceAll(/(?<=(?:added|changed).* )\d+$|(?<=self-reported,,)\d+(?=,)/gm, '<n>')
      .replaceAll(/root [0-9a-f]{12}\b/g, 'root <digest>')
      .replaceAll(/ {2,}/g, '  ')
      .replaceAll(/-{3,}/g, '---')
  )
}
