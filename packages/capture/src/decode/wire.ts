/**
 * A cursor over protobuf bytes (https://protobuf.dev/programming-guides/encoding/). Reading past the end throws
 * {@link WireError}; the one caller, decode-entry.ts, turns that into a reason. Untrusted bytes.
 */
export class Wire {
  readonly #bytes: Buffer
  #at: number
  #end: number

  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.#bytes = bytes
    this.#at = start
    this.#end = end
  }

  get done(): boolean {
    return this.#at >= this.#end
  }

  /** Field number times eight plus wire type. */
  tag(): number {
    return this.#varint32()
  }

  text(): string {
    const end = this.#endOfField()
    const text = this.#bytes.toString('utf8', this.#at, end)
    this.#at = end
    return text
  }

  hex(): string {
    const end = this.#endOfField()
    const text = this.#bytes.toString('hex', this.#at, end)
    this.#at = end
    return text
  }

  /** A copy, so that a kept value does not hold a whole segment in memory. */
  bytes(): Uint8Array {
    const end = this.#endOfField()
    const copy = new Uint8Array(this.#bytes.subarray(this.#at, end))
    this.#at = end
    return copy
  }

  /**
   * Steps into an embedded message, so that {@link done} is true at its end; the answer is what {@link leave} needs. One
   * cursor serves all levels, because an object for each attribute would cost more than reading it.
   */
  enter(): number {
    const end = this.#endOfField()
    const outer = this.#end
    this.#end = end
    return outer
  }

  /** Steps out of the message that was entered, over whatever of it was not read. */
  leave(outer: number): void {
    this.#at = this.#end
    this.#end = outer
  }

  fixed64(): bigint {
    this.#need(8)
    const value = this.#bytes.readBigUInt64LE(this.#at)
    this.#at += 8
    return value
  }

  fixed32(): number {
    this.#need(4)
    const value = this.#bytes.readUInt32LE(this.#at)
    this.#at += 4
    return value
  }

  double(): number {
    this.#need(8)
    const value = this.#bytes.readDoubleLE(this.#at)
    this.#at += 8
    return value
  }

  /** int64: a number where a double holds it exactly, else a bigint. */
  int64(): number | bigint {
    let low = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte()
      low |= (byte & 0x7f) << shift
      if (byte < 0x80) return low
    }
    let value = BigInt(low)
    for (let shift = 28n; shift < 70n; shift += 7n) {
      const byte = this.#byte()
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return fit(BigInt.asIntN(64, value))
    }
    throw new WireError('a varint is longer than ten bytes')
  }

  bool(): boolean {
    return this.int64() !== 0
  }

  enumeration(): number {
    const value = this.int64()
    return typeof value === 'number' ? value : 0
  }

  /** Steps over a field that is not read. Groups are skipped whole, without recursion. */
  skip(tag: number): void {
    let groups = 0
    let wireType = tag & 7
    for (;;) {
      if (wireType === 0) this.int64()
      else if (wireType === 1) this.#advance(8)
      else if (wireType === 2) this.#at = this.#endOfField()
      else if (wireType === 3) groups++
      else if (wireType === 4) groups--
      else if (wireType === 5) this.#advance(4)
      else throw new WireError(`wire type ${wireType} does not exist`)
      if (groups === 0) return
      if (groups < 0) throw new WireError('a group ends that did not begin')
      wireType = this.tag() & 7
    }
  }

  #varint32(): number {
    const value = this.int64()
    if (typeof value !== 'number' || value < 0 || value > 0xffffffff)
      throw new WireError('a tag or length is out of range')
    return value
  }

  #endOfField(): number {
    const length = this.#varint32()
    const end = this.#at + length
    if (end > this.#end) throw new WireError(`a field of ${length} bytes runs past the end`)
    return end
  }

  #byte(): number {
    this.#need(1)
    // In range: #need checked it against #end, which never exceeds the buffer.
    return this.#bytes[this.#at++] as number
  }

  #advance(bytes: number): void {
    this.#need(bytes)
    this.#at += bytes
  }

  #need(bytes: number): void {
    if (this.#at + bytes > this.#end) throw new WireError('the bytes end inside a field')
  }
}

export class WireError extends Error {
  override readonly name = 'WireError'
}

function fit(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
