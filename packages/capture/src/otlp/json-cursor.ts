import { MAX_JSON_DEPTH } from '../limits.ts'
import { BAD, byteAt, END } from './wire.ts'

/** What {@link JsonCursor.nextMember} and {@link JsonCursor.nextElement} answer where there is one. */
export const FOUND = 1

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const LOWER_N = 0x6e

/**
 * Walks strict JSON (RFC 8259) in untrusted bytes, value by value, without building anything. Every member is either
 * entered or skipped with {@link skipValue}; both validate, so what was walked to its end is valid JSON but for UTF-8.
 */
export class JsonCursor {
  readonly bytes: Uint8Array
  pos = 0
  fault = ''
  /** Inside the quotes of the string last read. */
  stringFrom = 0
  stringTo = 0
  hasEscape = false
  readonly #buffer: Buffer

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** The byte of the next token without taking it; 0 at the end. */
  peek(): number {
    const { bytes } = this
    while (this.pos < bytes.length) {
      const byte = byteAt(bytes, this.pos)
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte
      this.pos += 1
    }
    return 0
  }

  isObject(): boolean {
    return this.peek() === OPEN_OBJECT
  }

  isArray(): boolean {
    return this.peek() === OPEN_ARRAY
  }

  /** True at the `n` that only `null` begins with; that it is spelt right is for {@link skipValue} to find. */
  isNull(): boolean {
    return this.peek() === LOWER_N
  }

  isString(): boolean {
    return this.peek() === QUOTE
  }

  /** Steps over `{` or `[`, which the caller has seen. */
  enter(): void {
    this.pos += 1
  }

  /** Moves to the value of the next member and leaves its name in the string fields; END steps over `}`. */
  nextMember(isFirst: boolean): number {
    const byte = this.peek()
    if (byte === CLOSE_OBJECT) return this.#close()
    if (!this.#separate(byte, isFirst) || !this.readString()) return BAD
    if (this.peek() !== COLON) return this.#bad('a colon is missing')
    this.pos += 1
    return FOUND
  }

  /** Moves to the next element; END steps over `]`. */
  nextElement(isFirst: boolean): number {
    const byte = this.peek()
    if (byte === CLOSE_ARRAY) return this.#close()
    return this.#separate(byte, isFirst) ? FOUND : BAD
  }

  readString(): boolean {
    if (this.peek() !== QUOTE) return this.#no('a string is missing')
    const { bytes } = this
    this.hasEscape = false
    this.stringFrom = this.pos + 1
    for (let pos = this.pos + 1; pos < bytes.length; pos += 1) {
      const byte = byteAt(bytes, pos)
      if (byte === QUOTE) {
        this.stringTo = pos
        this.pos = pos + 1
        return true
      }
      if (byte < 0x20) return this.#no('a string holds a control character')
      if (byte === BACKSLASH) {
        const length = this.#escapeLength(pos)
        if (length === 0) return this.#no('a string holds an unknown escape')
        this.hasEscape = true
        pos += length - 1
      }
    }
    return this.#no('a string has no end')
  }

  /** The string last read; `undefined` where it is longer than `maxBytes`. */
  text(maxBytes: number): string | undefined {
    if (this.stringTo - this.stringFrom > maxBytes) return undefined
    if (!this.hasEscape) return this.#buffer.toString('utf8', this.stringFrom, this.stringTo)
    // The bytes between the quotes were checked by readString, so this is one valid string.
    return JSON.parse(this.#buffer.toString('utf8', this.stringFrom - 1, this.stringTo + 1)) as string
  }

  /** Bytes `[from, to)` as text. */
  slice(from: number, to: number): string {
    return this.#buffer.toString('utf8', from, to)
  }

  /** Steps over one value of any type. `depth` is the number of objects and arrays around it. */
  skipValue(depth: number): boolean {
    const byte = this.peek()
    if (byte === QUOTE) return this.readString()
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) return this.#skipContainer(byte === OPEN_OBJECT, depth + 1)
    if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) return this.#number()
    if (byte === 0x74) return this.#literal('true')
    if (byte === 0x66) return this.#literal('false')
    if (byte === 0x6e) return this.#literal('null')
    return this.#no('a value is missing')
  }

  #skipContainer(isObject: boolean, depth: number): boolean {
    if (depth > MAX_JSON_DEPTH) return this.#no(`values are nested more than ${MAX_JSON_DEPTH} levels deep`)
    this.enter()
    for (let isFirst = true; ; isFirst = false) {
      const step = isObject ? this.nextMember(isFirst) : this.nextElement(isFirst)
      if (step !== FOUND) return step === END
      if (!this.skipValue(depth)) return false
    }
  }

  #number(): boolean {
    const { bytes } = this
    const from = this.pos
    if (bytes[this.pos] === 0x2d) this.pos += 1
    const first = bytes[this.pos]
    if (this.#digits() === 0) return this.#no('a number has no digits')
    if (first === 0x30 && this.pos - from > (bytes[from] === 0x2d ? 2 : 1)) return this.#no('a number begins with 0')
    if (bytes[this.pos] === 0x2e) {
      this.pos += 1
      if (this.#digits() === 0) return this.#no('a number has no digits')
    }
    const exponent = bytes[this.pos]
    if (exponent !== 0x65 && exponent !== 0x45) return true
    this.pos += 1
    const sign = bytes[this.pos]
    if (sign === 0x2b || sign === 0x2d) this.pos += 1
    return this.#digits() > 0 || this.#no('a number has no digits')
  }

  #digits(): number {
    const from = this.pos
    for (;;) {
      const byte = this.bytes[this.pos] ?? 0
      if (byte < 0x30 || byte > 0x39) return this.pos - from
      this.pos += 1
    }
  }

  #literal(word: string): boolean {
    for (let i = 0; i < word.length; i += 1) {
      if (this.bytes[this.pos + i] !== word.charCodeAt(i)) return this.#no('a value is missing')
    }
    this.pos += word.length
    return true
  }

  #close(): number {
    this.pos += 1
    return END
  }

  #separate(byte: number, isFirst: boolean): boolean {
    if (isFirst) return true
    if (byte !== COMMA) return this.#no('a comma is missing')
    this.pos += 1
    const next = this.peek()
    return (next !== CLOSE_OBJECT && next !== CLOSE_ARRAY) || this.#no('a comma is followed by nothing')
  }

  /** Bytes of the escape at `pos`, 0 where it is none. */
  #escapeLength(pos: number): number {
    const byte = this.bytes[pos + 1] ?? 0
    if (byte !== 0x75) return SIMPLE_ESCAPES.has(byte) ? 2 : 0
    for (let i = pos + 2; i < pos + 6; i += 1) {
      const digit = (this.bytes[i] ?? 0) | 0x20
      if (!((digit >= 0x30 && digit <= 0x39 && this.bytes[i] === digit) || (digit >= 0x61 && digit <= 0x66))) return 0
    }
    return 6
  }

  #bad(fault: string): number {
    this.fault = fault
    return BAD
  }

  #no(fault: string): boolean {
    this.fault = fault
    return false
  }
}

/** `"` `\` `/` b f n r t */
const SIMPLE_ESCAPES: ReadonlySet<number> = new Set([0x22, 0x5c, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74])
