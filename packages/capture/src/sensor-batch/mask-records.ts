import type { Mask } from '@holdfast/model'
import { EscapedMasker } from '../masking/escaped-masker.ts'
import { isSensitiveName } from '../masking/field-rules.ts'
import { MaskWriter } from '../masking/mask-writer.ts'
import { TextMasker } from '../masking/text-masker.ts'
import { ARGV_TAG, FIELD_HEADER_BYTES, JOINT_BYTES, RECORD_FIXED_BYTES, TEXT_TAGS } from './layout.ts'

const DASH = 0x2d
const COLON = 0x3a
/** Longer names of options are no credential's. */
const MAX_OPTION_BYTES = 64

/**
 * Masks credentials in the texts of kernel records, in place and each with the same number of bytes (FC15). Only the data
 * of text fields is touched: what frames them is binary and may look like anything. Records must be handed over in
 * ascending order.
 */
export class RecordMasker {
  readonly #writer: MaskWriter
  readonly #view: DataView
  readonly #text: TextMasker
  readonly #escaped: EscapedMasker

  constructor(bytes: Uint8Array) {
    this.#writer = new MaskWriter(bytes)
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#text = new TextMasker(this.#writer)
    this.#escaped = new EscapedMasker(this.#writer)
  }

  list(): readonly Mask[] {
    return this.#writer.list().listed
  }

  /** A JSON text, such as an HTTP exchange. */
  json(from: number, to: number): void {
    this.#text.mask(from, to)
    this.#escaped.mask(from, to)
  }

  /** An entry `[from, to)`: a joint and a record. Fields that run past its end are left out. */
  record(from: number, to: number): void {
    for (let at = from + JOINT_BYTES + RECORD_FIXED_BYTES; at + FIELD_HEADER_BYTES <= to;) {
      const tag = this.#view.getUint16(at, true)
      const dataFrom = at + FIELD_HEADER_BYTES
      const dataTo = dataFrom + this.#view.getUint16(at + 2, true)
      if (dataTo > to) return
      if (tag === ARGV_TAG) this.#argv(dataFrom, dataTo)
      else if (TEXT_TAGS.has(tag)) this.json(dataFrom, dataTo)
      at = from + JOINT_BYTES + align8(dataTo - from - JOINT_BYTES)
    }
  }

  /** Arguments, each ended by a zero byte. `--password secret` states in one argument what the next one is. */
  #argv(from: number, to: number): void {
    const { bytes } = this.#writer
    let rule: 'field' | 'user-password' | undefined
    for (let at = from; at < to;) {
      const zero = bytes.subarray(at, to).indexOf(0)
      const end = zero < 0 ? to : at + zero
      if (rule === 'field') this.#writer.write('field', at, end)
      else if (rule === 'user-password') this.#userPassword(at, end)
      else this.json(at, end)
      rule = rule === undefined ? secretAfter(bytes, at, end) : undefined
      at = end + 1
    }
  }

  /** `name:password`, as curl and wget take it; a name alone asks for the password elsewhere. */
  #userPassword(from: number, to: number): void {
    const colon = this.#writer.bytes.subarray(from, to).indexOf(COLON)
    if (colon >= 0) this.#writer.write('user-password', from + colon + 1, to)
  }
}

/** What the argument after this one holds, where this one is an option that says so. */
function secretAfter(bytes: Uint8Array, from: number, to: number): 'field' | 'user-password' | undefined {
  if (to - from < 2 || to - from > MAX_OPTION_BYTES || bytes[from] !== DASH) return undefined
  const name = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from)
    .toString('latin1')
    .replace(/^--?/, '')
  if (name === 'u' || name === 'user' || name === 'proxy-user') return 'user-password'
  return isSensitiveName(name) || /^(token|api-?token|secret)$/i.test(name) ? 'field' : undefined
}

function align8(bytes: number): number {
  return (bytes + 7) & ~7
}
