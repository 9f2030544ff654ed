import { unescaped } from './literal.ts'
import type { Leaf } from './leaves.ts'

const FIELD = /^(\s*(?:[<[(*_#>]{0,3}\s*))((?:- )*)([\p{L}_][\p{L}\p{N}_ .-]{0,40}):(?:\s+(.*)|)$/u
const ITEM = /^(\s*)((?:[-*•]|\d{1,3}[.)])\s+)(.*)$/
/** A character that cannot stand in a captured line. */
const PARAGRAPH = '\n'

/**
 * The leaves of YAML and of plain text, told by their lines alone, so that an answer which somebody broke open with text of
 * their own is still read. Quoted scalars are unfolded; a field or list item begins a leaf; so does every line of plain text.
 */
export function lineLeaves(text: string): readonly Leaf[] {
  const reader = new LineReader()
  for (const line of text.split(/\r?\n/)) reader.line(line)
  return reader.finish()
}

class LineReader {
  readonly #leaves: Leaf[] = []
  #item = 0
  #itemIndent: number | undefined
  #field = ''
  #text = ''
  /** Indent of the field whose value goes on over lines; undefined in plain text. */
  #indent: number | undefined
  #quote = ''

  line(line: string): void {
    if (this.#quote !== '') return this.#quoted(line)
    const field = FIELD.exec(line)
    if (field !== null && !/^https?$/i.test(field[3] ?? '')) {
      this.#close()
      const indent = field[1]?.length ?? 0
      if (field[2] !== '') this.#nextItem(indent)
      this.#field = field[3] ?? ''
      this.#indent = indent + (field[2]?.length ?? 0)
      return this.#begin(field[4] ?? '')
    }
    const item = ITEM.exec(line)
    if (item !== null) {
      this.#close()
      this.#nextItem(item[1]?.length ?? 0)
      this.#indent = (item[1]?.length ?? 0) + (item[2]?.length ?? 0) - 1
      return this.#begin(item[3] ?? '')
    }
    const own = line.search(/\S/)
    if (own === -1) {
      if (this.#indent === undefined) this.#close()
      else this.#text += PARAGRAPH
      return
    }
    if (this.#indent !== undefined && own > this.#indent && this.#text.trim() !== '') {
      this.#text += ` ${line.trim()}`
      return
    }
    this.#close()
    this.#field = ''
    this.#indent = undefined
    this.#text = line.trim()
    this.#close()
  }

  finish(): readonly Leaf[] {
    this.#close()
    return this.#leaves
  }

  /** The value of a field or item starts: quoted, a block (`|`, `>`), or plain. */
  #begin(value: string): void {
    const trimmed = value.trim()
    const quote = trimmed.charAt(0)
    if (quote === '"' || quote === "'") {
      this.#quote = quote
      this.#text = ''
      return this.#quoted(trimmed.slice(1), true)
    }
    this.#text = /^[|>][+-]?\d*$/.test(trimmed) ? '' : trimmed
  }

  #quoted(line: string, isFirst = false): void {
    const end = closingQuote(line, this.#quote)
    const part = end === -1 ? line : line.slice(0, end)
    const trimmed = isFirst ? part.trimEnd() : part.trim()
    if (trimmed === '' && !isFirst) this.#text += PARAGRAPH
    else if (this.#quote === '"' && this.#text.endsWith('\\'))
      this.#text = this.#text.slice(0, -1) + trimmed.replace(/^\\(?= )/, '')
    else this.#text += (isFirst || this.#text.endsWith(PARAGRAPH) ? '' : ' ') + trimmed
    if (end === -1) return
    this.#text = this.#quote === '"' ? unescaped(this.#text) : this.#text.replaceAll("''", "'")
    this.#quote = ''
    this.#close()
  }

  #nextItem(indent: number): void {
    this.#itemIndent = Math.min(this.#itemIndent ?? indent, indent)
    if (indent === this.#itemIndent) this.#item += 1
  }

  #close(): void {
    // A quote that nothing closed was text.
    if (this.#text.trim() !== '')
      this.#leaves.push({ text: unescapedLines(this.#text.trim()), item: this.#item, field: this.#field })
    this.#text = ''
    this.#quote = ''
  }
}

/** Line breaks that a tool printed as two characters. */
function unescapedLines(text: string): string {
  return text.includes('\\n') ? text.replace(/\\r?\\?n|\\n/g, '\n') : text
}

function closingQuote(line: string, quote: string): number {
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at)
    if (quote === '"' && char === '\\') at++
    else if (char === quote) {
      if (quote === "'" && line.charAt(at + 1) === "'") at++
      else return at
    }
  }
  return -1
}
