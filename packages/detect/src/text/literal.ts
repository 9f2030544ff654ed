import { MAX_DEPTH, MAX_LEAVES } from '../limits.ts'
import type { Leaf } from './leaves.ts'

/**
 * The leaves of a text that is one JSON value or one Python literal, or begins and ends as one inside a few marks of
 * somebody's own (`<<...>>`). Undefined where it is neither. One pass, no recursion on hostile depth.
 */
export function literalLeaves(text: string): readonly Leaf[] | undefined {
  const open = text.search(/[[{(]/)
  if (open === -1 || open > 16 || /[\p{L}\d]/u.test(text.slice(0, open))) return undefined
  const reader = new LiteralReader(text, open)
  const isWhole = reader.value(0, { item: 0, field: '' })
  // A record that is too large is one all the same.
  if (reader.isFull) return reader.leaves
  if (!isWhole) return undefined
  if (/[\p{L}\d]/u.test(text.slice(reader.at, reader.at + 200))) return undefined
  return reader.leaves
}

type Place = { readonly item: number; readonly field: string }

class LiteralReader {
  readonly leaves: Leaf[] = []
  /** The bound was met: what follows was not read. */
  isFull = false
  at: number
  readonly #text: string
  #items = 0

  constructor(text: string, at: number) {
    this.#text = text
    this.at = at
  }

  /** Reads one value; false where the text is no literal. */
  value(depth: number, place: Place): boolean {
    this.isFull ||= this.leaves.length >= MAX_LEAVES
    if (depth > MAX_DEPTH || this.isFull) return false
    this.#space()
    const char = this.#text.charAt(this.at)
    if (char === '{') return this.#record(depth, place)
    if (char === '[' || char === '(') return this.#list(depth, place, char === '[' ? ']' : ')')
    const quoted = this.#string()
    if (quoted !== undefined) {
      if (quoted.trim() !== '') this.leaves.push({ text: quoted, ...place })
      return true
    }
    return this.#bare(place)
  }

  #record(depth: number, place: Place): boolean {
    this.at++
    for (;;) {
      this.#space()
      if (this.#eat('}')) return true
      const key = this.#string() ?? this.#bareWord()
      if (key === undefined) return false
      this.#space()
      if (this.#eat(':')) {
        // The keys of a record of records name its items.
        const item = depth === 0 && /[{]/.test(this.#peek()) ? ++this.#items : place.item
        if (item !== place.item) this.leaves.push({ text: key, item, field: 'name' })
        if (!this.value(depth + 1, { item, field: key.slice(0, 64) })) return false
      }
      this.#space()
      if (!this.#eat(',') && this.#text.charAt(this.at) !== '}') return false
    }
  }

  #list(depth: number, place: Place, close: string): boolean {
    this.at++
    for (;;) {
      this.#space()
      if (this.#eat(close)) return true
      const item = depth === 0 ? ++this.#items : place.item
      if (!this.value(depth + 1, { ...place, item })) return false
      this.#space()
      if (!this.#eat(',') && this.#text.charAt(this.at) !== close) return false
    }
  }

  #bare(place: Place): boolean {
    const word = this.#bareWord()
    if (word === undefined) return false
    this.leaves.push({ text: word, ...place })
    // `datetime(2024, 5, 1)`: a call without meaning of its own.
    if (this.#text.charAt(this.at) === '(') return this.#list(1, place, ')')
    return true
  }

  #bareWord(): string | undefined {
    BARE.lastIndex = this.at
    const word = BARE.exec(this.#text)?.[0]
    if (word === undefined) return undefined
    this.at += word.length
    return word
  }

  /** A quoted string with its escapes undone; Python's prefixes are read over. */
  #string(): string | undefined {
    const prefix = /[rbuf]/i.test(this.#text.charAt(this.at)) && /["']/.test(this.#text.charAt(this.at + 1)) ? 1 : 0
    const quote = this.#text.charAt(this.at + prefix)
    if (quote !== '"' && quote !== "'") return undefined
    const from = this.at + prefix + 1
    let to = from
    while (to < this.#text.length && this.#text.charAt(to) !== quote) to += this.#text.charAt(to) === '\\' ? 2 : 1
    if (to >= this.#text.length) return undefined
    this.at = to + 1
    return unescaped(this.#text.slice(from, to))
  }

  #peek(): string {
    this.#space()
    return this.#text.charAt(this.at)
  }

  #eat(char: string): boolean {
    if (this.#text.charAt(this.at) !== char) return false
    this.at++
    return true
  }

  #space(): void {
    while (/\s/.test(this.#text.charAt(this.at))) this.at++
  }
}

const BARE = /[\p{L}\p{N}_.+:/@%#$-]+/uy

/** Undoes `\n`, `\t`, `\"`, `\uXXXX`, `\xXX` and the like; what is no escape stays. */
export function unescaped(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(
    /\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|U([0-9a-fA-F]{8})|([\s\S]))/g,
    (whole, u, x, long, one) => {
      const code = u ?? x ?? long
      if (code !== undefined) return safeChar(Number.parseInt(String(code), 16))
      return typeof one === 'string' ? (ESCAPES[one] ?? (/[\s"'\\/]/.test(one) ? one : whole)) : whole
    },
  )
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\n', t: '\t', b: ' ', f: '\n', v: '\n', '\n': '' }

function safeChar(code: number): string {
  return code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : ' '
}
