import { decodeHuffman } from './huffman.ts'
import { STATIC_TABLE } from './hpack-tables.ts'
import { MAX_FIELDS, MAX_FIELD_VALUE, MAX_HEAD_BYTES, MAX_TABLE_BYTES } from './limits.ts'

/** One decoded block: fields in the order in which they stood. */
export type HeaderBlock = {
  readonly fields: readonly (readonly [name: string, value: string])[]
  /** Fields that stood there and are not told: their table entry was never seen, or a bound was met. */
  readonly unknown: number
}

/**
 * The HPACK decoder of one direction (RFC 7541). Untrusted. A connection that was joined midway refers to entries that
 * were never seen: those fields are counted as unknown. New entries take the lowest indexes whatever stands behind them,
 * so what is added later is known again.
 */
export class HpackDecoder {
  /** Oldest first; those before `#first` were evicted, and leave the list together. */
  readonly #entries: Entry[] = []
  #first = 0
  #bytes = 0
  #maxBytes = DEFAULT_TABLE_BYTES

  /** Size of the table, as the standard counts it. */
  get heldBytes(): number {
    return this.#bytes
  }

  /** Undefined for bytes that are no header block; the table is then as far as it was read. */
  decode(block: Uint8Array): HeaderBlock | undefined {
    const reader = new Reader(block)
    const fields: (readonly [string, string])[] = []
    let unknown = 0
    let chars = 0
    while (!reader.isAtEnd) {
      const read = this.#field(reader)
      if (read === 'malformed') return undefined
      if (read === 'resized') continue
      if (read === 'unknown' || fields.length >= MAX_FIELDS || chars > MAX_HEAD_BYTES) {
        unknown += 1
        continue
      }
      // A block of a few bytes can name a large entry many times.
      chars += read.name.length + Math.min(read.value.length, MAX_FIELD_VALUE)
      fields.push([read.name, read.value.slice(0, MAX_FIELD_VALUE)])
    }
    return { fields, unknown }
  }

  /** A block was lost: what it added is not known, and neither is where the older entries stand now. */
  forget(): void {
    this.#entries.length = 0
    this.#first = 0
    this.#bytes = 0
  }

  #field(reader: Reader): Entry | 'unknown' | 'resized' | 'malformed' {
    const first = reader.peek()
    if (first >= 0x80) {
      const index = reader.integer(7)
      if (index === undefined || index === 0) return 'malformed'
      return this.#entry(index) ?? 'unknown'
    }
    if (first >= 0x20 && first < 0x40) {
      const size = reader.integer(5)
      if (size === undefined) return 'malformed'
      this.#maxBytes = Math.min(size, MAX_TABLE_BYTES)
      this.#evict()
      return 'resized'
    }
    const isAdded = first >= 0x40
    const index = reader.integer(isAdded ? 6 : 4)
    if (index === undefined) return 'malformed'
    const name = index === 0 ? reader.text() : this.#entry(index)?.name
    const value = reader.text()
    if ((index === 0 && name === undefined) || value === undefined) return 'malformed'
    const entry = name === undefined ? undefined : { name, value }
    // An entry of unknown name still takes its place in the table.
    if (isAdded) this.#add(entry ?? { name: '', value })
    return entry ?? 'unknown'
  }

  #entry(index: number): Entry | undefined {
    const fixed = STATIC_TABLE[index - 1]
    if (fixed !== undefined) return { name: fixed[0], value: fixed[1] }
    const at = this.#entries.length - (index - STATIC_TABLE.length)
    const own = at < this.#first ? undefined : this.#entries[at]
    return own?.name === '' ? undefined : own
  }

  #add(entry: Entry): void {
    this.#entries.push(entry)
    this.#bytes += sizeOf(entry)
    this.#evict()
  }

  #evict(): void {
    while (this.#bytes > this.#maxBytes && this.#first < this.#entries.length) {
      // The bound of the loop says that it is there.
      this.#bytes -= sizeOf(this.#entries[this.#first] as Entry)
      this.#entries[this.#first] = EVICTED
      this.#first += 1
    }
    // One by one each would move all that stand behind it: a block of tiny entries makes a million of them.
    if (this.#first > 64 && this.#first > this.#entries.length / 2) {
      this.#entries.splice(0, this.#first)
      this.#first = 0
    }
  }
}

type Entry = { readonly name: string; readonly value: string }

const EVICTED: Entry = { name: '', value: '' }
const DEFAULT_TABLE_BYTES = 4_096

function sizeOf({ name, value }: Entry): number {
  return name.length + value.length + 32
}

class Reader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  peek(): number {
    return this.#bytes[this.#at] ?? 0
  }

  /** Section 5.1; undefined where it does not end or is larger than any use of it. */
  integer(prefix: number): number | undefined {
    const mask = (1 << prefix) - 1
    let value = (this.#bytes[this.#at++] ?? 0) & mask
    if (value < mask) return value
    for (let shift = 0; shift <= 21; shift += 7) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) return undefined
      value += (byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    return undefined
  }

  /** Section 5.2; text as Latin-1, so that every byte is kept. */
  text(): string | undefined {
    const isHuffman = this.peek() >= 0x80
    const length = this.integer(7)
    if (length === undefined || this.#at + length > this.#bytes.length) return undefined
    const raw = this.#bytes.subarray(this.#at, this.#at + length)
    this.#at += length
    if (!isHuffman) return Buffer.from(raw).toString('latin1')
    return decodeHuffman(raw)?.toString('latin1')
  }
}
