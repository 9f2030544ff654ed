import type { Document } from 'yaml'
import { isNode, LineCounter, parseDocument } from 'yaml'

import { MAX_ALIASES, MAX_RUNBOOK_BYTES } from '../limits.ts'

/** What is wrong with a file, and where. Lines and columns count from 1. */
export type FileProblem = {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: string
}

/** Something wrong at a path inside a value. */
export type Mistake = { readonly path: readonly PropertyKey[]; readonly message: string }

/** A value of the wanted shape, or every mistake in it. */
export type Checked<T> =
  | { readonly status: 'parsed'; readonly value: T }
  | { readonly status: 'refused'; readonly mistakes: readonly Mistake[] }

export type ParsedFile<T> =
  | { readonly status: 'parsed'; readonly value: T }
  | { readonly status: 'refused'; readonly problems: readonly FileProblem[] }

export type YamlSource = {
  /** Untrusted. */
  readonly text: string
  readonly file: string
  /** Lines of the file that stand before the text. */
  readonly linesBefore?: number
}

/** Reads one YAML document. A file with any problem is refused whole, and all its problems are named with their lines. */
export function parseYamlFile<T>(source: YamlSource, check: (value: unknown) => Checked<T>): ParsedFile<T> {
  const { text, file, linesBefore = 0 } = source
  if (Buffer.byteLength(text) > MAX_RUNBOOK_BYTES) {
    return refused([{ file, line: 1, column: 1, message: `a file has at most ${MAX_RUNBOOK_BYTES} bytes` }])
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, stringKeys: true })
  const at = (offset: number, message: string): FileProblem => {
    const { line, col } = lines.linePos(offset)
    return { file, line: line + linesBefore, column: col, message }
  }
  if (document.errors.length > 0) {
    return refused(document.errors.map(({ pos, message }) => at(pos[0], message.split('\n')[0] ?? 'no YAML')))
  }
  const value = plainOf(document)
  if (value === undefined) return refused([at(0, 'its aliases unfold to too much')])
  const result = check(value)
  if (result.status === 'parsed') return result
  return refused(
    result.mistakes.map(({ path, message }) => at(offsetOf(document, path), `${path.join('.')}: ${message}`)),
  )
}

/** Positions of what repeats an earlier id. */
export function repeatedIds(things: readonly { readonly id: string }[]): readonly number[] {
  return things.flatMap(({ id }, at) => (things.findIndex((other) => other.id === id) < at ? [at] : []))
}

function refused(problems: readonly FileProblem[]): ParsedFile<never> {
  return { status: 'refused', problems }
}

/** Undefined where aliases unfold to more than a file can hold. */
function plainOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) ?? null
  } catch {
    // The only thing that fails in a document without errors is the bound on aliases.
    return undefined
  }
}

/** Where a path begins in the text; of what is missing, where its nearest ancestor does. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}
