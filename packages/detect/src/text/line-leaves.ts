import { MAX_LEAVES } from '../limits.ts'
import { unescaped } from './literal.ts'
import type { Leaf } from './leaves.ts'

/** Both are tried on a line without its indent; what follows the colon or the mark may hold any character. */
const FIELD = /^([<[(*_#>]{0,3}\s*)((?:- )*)([\p{L}_][\p{L}\p{N}_ .-]{0,40}):(?:$|\s)/u
const ITEM = /^(?:[-*•]|\d{1,3}[.)])\s+/
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
  /** Lines of the value so far, folded when it ends: a text that grows by pieces would be copied for each. */
  #parts: string[] = []
  #hasText = false
  /** Indent of the field whose value goes on over lines; undefined in plain text. */
  #indent: number | undefined
  #quote = ''
  /** Lines of a literal block (`|`) stay lines. */
  #isBlock = false

  line(line: string): void {
    if (this.#leaves.length >= MAX_LEAVES) return
    if (this.#quote !== '') return this.#quoted(line)
    const own = line.search(/\S/)
    if (own === -1) {
      if (this.#indent === undefined) this.#close()
      else this.#parts.push(PARAGRAPH)
      return
    }
    const shown = line.slice(own)
    const field = FIELD.exec(shown)
    if (field !== null && !/^https?$/i.test(field[3] ?? '')) {
      this.#close()
      const indent = own + (field[1]?.length ?? 0)
      if (field[2] !== '') this.#nextItem(indent)
      this.#field = field[3] ?? ''
      this.#indent = indent + (field[2]?.length ?? 0)
      return this.#begin(shown.slice(field[0].length))
    }
    const mark = ITEM.exec(shown)?.[0]
    if (mark !== undefined) {
      this.#close()
      this.#nextItem(own)
      this.#indent = own + mark.length - 1
      return this.#begin(shown.slice(mark.length))
    }
    if (this.#indent !== undefined && own > this.#indent && this.#hasText) {
      this.#parts.push(`${this.#isBlock ? '\n' : ' '}${line.trim()}`)
      return
    }
    this.#close()
    this.#field = ''
    this.#indent = undefined
    this.#put(line.trim())
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
      return this.#quoted(trimmed.slice(1), true)
    }
    const isMarked = /^[|>][+-]?\d*$/.test(trimmed)
    this.#isBlock = isMarked && trimmed.startsWith('|')
    // What a block holds begins on the next line.
    if (isMarked) this.#hasText = true
    else this.#put(trimmed)
  }

  #quoted(line: string, isFirst = false): void {
    const end = closingQuote(line, this.#quote)
    const part = end === -1 ? line : line.slice(0, end)
    const trimmed = isFirst ? part.trimEnd() : part.trim()
    const last = this.#parts.at(-1) ?? ''
    if (trimmed === '' && !isFirst) this.#parts.push(PARAGRAPH)
    // A backslash at the end of a line folds it without a blank.
    else if (this.#quote === '"' && last.endsWith('\\')) {
      this.#parts[this.#parts.length - 1] = last.slice(0, -1)
      this.#put(trimmed.replace(/^\\(?= )/, ''))
    } else this.#put((isFirst || last === PARAGRAPH ? '' : ' ') + trimmed)
    if (end === -1) return
    const whole = this.#parts.join('')
    this.#parts = [this.#quote === '"' ? unescaped(whole) : whole.replaceAll("''", "'")]
    this.#quote = ''
    this.#close()
  }

  #put(part: string): void {
    this.#parts.push(part)
    this.#hasText ||= part !== ''
  }

  #nextItem(indent: number): void {
    this.#itemIndent = Math.min(this.#itemIndent ?? indent, indent)
    if (indent === this.#itemIndent) this.#item += 1
  }

  /** A quote that nothing closed was text. */
  #close(): void {
    const text = this.#parts.join('').trim()
    if (text !== '') this.#leaves.push({ text: unescapedLines(text), item: this.#item, field: this.#field })
    this.#parts = []
    this.#hasText = false
    this.#quote = ''
    this.#isBlock = false
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
