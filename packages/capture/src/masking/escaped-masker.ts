import { ESCAPED_OVERLAP_BYTES, ESCAPED_WINDOW_BYTES } from '../limits.ts'
import { byteAt } from '../otlp/wire.ts'
import { MaskWriter } from './mask-writer.ts'
import { TextMasker } from './text-masker.ts'

const BACKSLASH = 0x5c
const LOWER_U = 0x75
const SLASH = 0x2f
/** `u` and four digits. */
const CODE_BYTES = 5

/**
 * Finds credentials that JSON spells with escapes it need not use: Java's Gson writes `=` as `\u003d`, Go `&` as `\u0026`,
 * PHP `/` as `\/`, and a sender may write any letter so. Each stretch that holds one is read without them, at whatever
 * depth of JSON in JSON, and what is found is masked where it stands. Costs nothing where there is none.
 */
export class EscapedMasker {
  /** As in {@link TextMasker}. */
  hasNamedAttribute = false
  readonly #writer: MaskWriter
  readonly #buffer: Buffer
  #code: number
  #slash: number

  constructor(writer: MaskWriter) {
    this.#writer = writer
    const { bytes } = writer
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#code = nextCode(this.#buffer, 0)
    this.#slash = nextSlash(this.#buffer, 0)
  }

  /** Whether an escape of a printable ASCII character begins in `[from, to)`. Calls must not go backwards. */
  hasTrigger(from: number, to: number): boolean {
    // Each has its own place, so that many of one kind do not have the text searched for the other again and again.
    if (this.#code < from) this.#code = nextCode(this.#buffer, from)
    if (this.#slash < from) this.#slash = nextSlash(this.#buffer, from)
    return Math.min(this.#code, this.#slash) < to
  }

  mask(from: number, to: number): void {
    for (let at = from; at < to; at += ESCAPED_WINDOW_BYTES) {
      const start = Math.max(from, at - ESCAPED_OVERLAP_BYTES)
      const end = Math.min(to, at + ESCAPED_WINDOW_BYTES)
      if (this.hasTrigger(start, end)) this.#maskWindow(start, end)
    }
  }

  #maskWindow(from: number, to: number): void {
    const { text, origins } = unescaped(this.#buffer, from, to)
    // What is not listed here would not be masked where it stands: the size of the window is bound enough.
    const copy = new MaskWriter(text, { maxListed: Infinity })
    const masker = new TextMasker(copy)
    masker.mask(0, text.length)
    this.hasNamedAttribute ||= masker.hasNamedAttribute
    for (const { rule, start, bytes } of copy.list().listed) {
      this.#writer.write(rule, origins[start] ?? from, origins[start + bytes] ?? to)
    }
  }
}

/** Where the next `\u0020` to `\u007e` begins, or the end. */
function nextCode(buffer: Buffer, from: number): number {
  for (let at = buffer.indexOf('\\u00', from, 'latin1'); at >= 0; at = buffer.indexOf('\\u00', at + 1, 'latin1')) {
    if (printable(buffer, at + 1, buffer.length) !== undefined) return at
  }
  return buffer.length
}

function nextSlash(buffer: Buffer, from: number): number {
  const at = buffer.indexOf('\\/', from, 'latin1')
  return at < 0 ? buffer.length : at
}

/**
 * The stretch with escapes read. Backslashes before one go with it: inside JSON in JSON they are doubled each time. Where
 * `text[i]` came from is `origins[i]`; one more origin than bytes, for the end.
 */
function unescaped(
  bytes: Uint8Array,
  from: number,
  to: number,
): { readonly text: Uint8Array; readonly origins: Uint32Array } {
  const text = new Uint8Array(to - from)
  const origins = new Uint32Array(to - from + 1)
  let length = 0
  for (let pos = from; pos < to; length += 1) {
    origins[length] = pos
    let end = pos
    while (end < to && byteAt(bytes, end) === BACKSLASH) end += 1
    const code = end > pos ? printable(bytes, end, to) : undefined
    if (code !== undefined) {
      text[length] = code
      pos = end + CODE_BYTES
    } else if (end > pos && end < to && byteAt(bytes, end) === SLASH) {
      text[length] = SLASH
      pos = end + 1
    } else {
      // Of several backslashes that spell something else each stands for itself, and none is looked at twice.
      for (; pos < end - 1; pos += 1, length += 1) {
        text[length] = BACKSLASH
        origins[length + 1] = pos + 1
      }
      text[length] = byteAt(bytes, pos)
      pos += 1
    }
  }
  origins[length] = to
  return { text: text.subarray(0, length), origins: origins.subarray(0, length + 1) }
}

/** The printable ASCII character that `u00XX` at `at` stands for; a quote or backslash would change what the text is. */
function printable(bytes: Uint8Array, at: number, limit: number): number | undefined {
  if (at + CODE_BYTES > limit || byteAt(bytes, at) !== LOWER_U) return undefined
  if (byteAt(bytes, at + 1) !== 0x30 || byteAt(bytes, at + 2) !== 0x30) return undefined
  const high = digit(byteAt(bytes, at + 3))
  const low = digit(byteAt(bytes, at + 4))
  if (high === undefined || low === undefined) return undefined
  const code = high * 16 + low
  return code >= 0x20 && code <= 0x7e && code !== 0x22 && code !== BACKSLASH ? code : undefined
}

function digit(byte: number): number | undefined {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : undefined
}
