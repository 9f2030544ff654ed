import { byteAt } from '../otlp/wire.ts'

/** Sets of bytes as tables: one read answers whether a byte belongs. */
export const WORD = setOf('A-Za-z0-9_')
export const TOKEN = setOf('A-Za-z0-9_-')
export const ALNUM = setOf('A-Za-z0-9')
export const BASE64 = setOf('A-Za-z0-9+/=')
export const BEARER = setOf('A-Za-z0-9._~+/=-')
export const UPPER_ALNUM = setOf('A-Z0-9')
export const DIGIT = setOf('0-9')
export const NAME = setOf('A-Za-z0-9_.-')
/** What may stand between the lines that begin and end a PEM block, as text or with `\n` in JSON. */
export const PEM_BODY = setOf('A-Za-z0-9+/= \\\r\n\t:,-')
/** User and password of a URL: anything but what ends the authority or the text around it. */
export const AUTHORITY = exceptFor(' \t\r\n/?#"\'<>\\`|')
/** A value without quotes, as in `password=...`. */
export const BARE_VALUE = exceptFor(' \t\r\n"\'<>\\`&;,)]}|')
/** The rest of a header line. */
export const LINE = exceptFor('\r\n"\\')

/** The end of the run of bytes of `set` that begins at `from`. */
export function runEnd(bytes: Uint8Array, set: Uint8Array, from: number, limit: number): number {
  let pos = from
  while (pos < limit && byteAt(set, byteAt(bytes, pos)) === 1) pos += 1
  return pos
}

/** The start of the run of bytes of `set` that ends before `to`, at most `max` bytes back. */
export function runStart(bytes: Uint8Array, set: Uint8Array, to: number, limit: number, max: number): number {
  let pos = to
  const stop = Math.max(limit, to - max)
  while (pos > stop && byteAt(set, byteAt(bytes, pos - 1)) === 1) pos -= 1
  return pos
}

/** True where `text` stands at `at`, wholly before `limit`. ASCII, case as given. */
export function isAt(bytes: Uint8Array, at: number, limit: number, text: string): boolean {
  if (at < 0 || at + text.length > limit) return false
  for (let i = 0; i < text.length; i += 1) {
    if (byteAt(bytes, at + i) !== text.charCodeAt(i)) return false
  }
  return true
}

/** ASCII text of a short range. */
export function asciiOf(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')
}

export function hasDigit(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i += 1) {
    if (byteAt(DIGIT, byteAt(bytes, i)) === 1) return true
  }
  return false
}

/** `characters` as in a regular expression's class: `a-z` is a range, a `-` at the end is itself. */
function setOf(characters: string): Uint8Array {
  const set = new Uint8Array(256)
  for (let i = 0; i < characters.length; i += 1) {
    const isRange = characters[i + 1] === '-' && i + 2 < characters.length
    const first = characters.charCodeAt(i)
    const last = isRange ? characters.charCodeAt(i + 2) : first
    set.fill(1, first, last + 1)
    if (isRange) i += 2
  }
  return set
}

/** All bytes above the control characters but those named; bytes of UTF-8 beyond ASCII belong. */
function exceptFor(characters: string): Uint8Array {
  const set = new Uint8Array(256).fill(1, 0x20)
  for (let i = 0; i < characters.length; i += 1) set[characters.charCodeAt(i)] = 0
  return set
}
