import { MAX_VALUE_DEPTH } from '../limits.ts'

/** Wire types of the protobuf encoding (https://protobuf.dev/programming-guides/encoding/). */
export const VARINT = 0
export const FIXED64 = 1
export const LEN = 2
export const FIXED32 = 5
const GROUP_START = 3
const GROUP_END = 4

/** What {@link WireCursor.next} answers when the message is read to its end, and when its bytes are not protobuf. */
export const END = 0
export const BAD = -1

/**
 * Reads the fields of protobuf messages out of untrusted bytes without making an object or a string. After
 * {@link next} the payload of the field is `bytes[from, to)`; a nested message is read by setting `pos = from` and
 * calling `next(to)`, after which `pos` stands where the outer message goes on.
 */
export class WireCursor {
  readonly bytes: Uint8Array
  pos = 0
  wire = 0
  from = 0
  to = 0
  /** Why the last {@link next} answered {@link BAD}. */
  fault = ''

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  /** The number of the next field before `limit`, {@link END} or {@link BAD}. `limit` is at most `bytes.length`. */
  next(limit: number): number {
    if (this.pos >= limit) return this.pos === limit ? END : this.#bad('a field runs past the end of its message')
    let tag = byteAt(this.bytes, this.pos)
    if (tag < 0x80) {
      this.pos += 1
    } else {
      tag = this.#longVarint(limit)
      if (tag < 0 || tag > 0xffff_ffff) return this.#bad('a field tag is not a 32-bit number')
    }
    const field = tag >>> 3
    if (field === 0) return this.#bad('a field has number 0')
    this.wire = tag & 7
    if (this.wire === LEN) return this.#readLength(field, limit)
    this.from = this.pos
    if (this.wire === VARINT) {
      if (this.#longVarint(limit) < 0) return this.#bad('a varint has no end')
    } else if (this.wire === FIXED64) {
      this.pos += 8
    } else if (this.wire === FIXED32) {
      this.pos += 4
    } else if (this.wire === GROUP_START) {
      if (!this.#skipGroup(field, limit, 1)) return BAD
    } else {
      return this.#bad(`wire type ${this.wire} does not fit here`)
    }
    if (this.pos > limit) return this.#bad('a field runs past the end of its message')
    this.to = this.pos
    return field
  }

  #readLength(field: number, limit: number): number {
    if (this.pos >= limit) return this.#bad('a length is missing')
    let length = byteAt(this.bytes, this.pos)
    if (length < 0x80) {
      this.pos += 1
    } else {
      length = this.#longVarint(limit)
    }
    // A 64-bit length reads as a number above 2^53 at worst, which is larger than what is left.
    if (length < 0 || length > limit - this.pos) return this.#bad('a length runs past the end of its message')
    this.from = this.pos
    this.to = this.pos + length
    this.pos = this.to
    return field
  }

  /** The varint at `pos` as a number (exact below 2^53), or -1 where it does not end within ten bytes. */
  #longVarint(limit: number): number {
    let value = 0
    let factor = 1
    const stop = Math.min(limit, this.pos + 10)
    for (let pos = this.pos; pos < stop; pos += 1) {
      const byte = byteAt(this.bytes, pos)
      value += (byte & 0x7f) * factor
      if (byte < 0x80) {
        this.pos = pos + 1
        return value
      }
      factor *= 128
    }
    return -1
  }

  /** Groups are obsolete and no field of OTLP is one; a sender may still put one where unknown fields may stand. */
  #skipGroup(group: number, limit: number, depth: number): boolean {
    if (depth > MAX_VALUE_DEPTH) return this.#bad('groups are nested too deeply') !== BAD
    const start = this.pos
    while (this.pos < limit) {
      const tag = this.#longVarint(limit)
      if (tag < 8 || tag > 0xffff_ffff) return this.#bad('a field tag is not a 32-bit number') !== BAD
      const field = tag >>> 3
      const wire = tag & 7
      if (wire === GROUP_END) {
        this.wire = GROUP_START
        this.from = start
        return field === group || this.#bad('a group ends that was not begun') !== BAD
      }
      if (!this.#skipInGroup(field, wire, limit, depth)) return false
    }
    return this.#bad('a group has no end') !== BAD
  }

  #skipInGroup(field: number, wire: number, limit: number, depth: number): boolean {
    if (wire === GROUP_START) return this.#skipGroup(field, limit, depth + 1)
    if (wire === LEN) return this.#readLength(field, limit) !== BAD
    if (wire === VARINT) return this.#longVarint(limit) >= 0 || this.#bad('a varint has no end') !== BAD
    if (wire === FIXED64 || wire === FIXED32) {
      this.pos += wire === FIXED64 ? 8 : 4
      return this.pos <= limit || this.#bad('a field runs past the end of its message') !== BAD
    }
    return this.#bad(`wire type ${wire} does not fit here`) !== BAD
  }

  #bad(fault: string): number {
    this.fault = fault
    return BAD
  }
}

/** The byte at `index`, which the caller has compared with the length: a bounds check here would cost a tenth. */
export function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] as number
}

/** Little-endian 32 bits at `index`; the caller knows that four bytes are there. */
export function uint32At(bytes: Uint8Array, index: number): number {
  return (
    (byteAt(bytes, index) |
      (byteAt(bytes, index + 1) << 8) |
      (byteAt(bytes, index + 2) << 16) |
      (byteAt(bytes, index + 3) << 24)) >>>
    0
  )
}
