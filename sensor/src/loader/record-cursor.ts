import { FIELD_TAG, RECORD_OFFSET } from './record-layout.ts'

/**
 * Walks over records that lie one after the other (SPEC S1) and reads the one it stands on, where it lies: no object is
 * made for a record. The bytes are the kernel's, shipped by our own loader; a length that cannot be ends the walk.
 *
 *     const cursor = new RecordCursor(bytes)
 *     while (cursor.next()) if (cursor.type === RECORD_TYPE.exec) use(cursor.text(FIELD_TAG.path))
 */
export class RecordCursor {
  readonly #buffer: Buffer
  #at = 0
  #end = 0

  constructor(bytes: Uint8Array) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Stands on the next record; false behind the last one, or where what follows is no whole record. */
  next(): boolean {
    const at = this.#end
    if (at + RECORD_OFFSET.fields > this.#buffer.length) return false
    const bytes = this.#buffer.readUInt32LE(at + RECORD_OFFSET.bytes)
    if (bytes < RECORD_OFFSET.fields || at + bytes > this.#buffer.length) return false
    this.#at = at
    this.#end = at + bytes
    return true
  }

  /** The whole record, a view into the batch. */
  get bytes(): Buffer {
    return this.#buffer.subarray(this.#at, this.#end)
  }

  get type(): number {
    return this.#buffer.readUInt16LE(this.#at)
  }

  get flags(): number {
    return this.#buffer.readUInt16LE(this.#at + RECORD_OFFSET.flags)
  }

  get bootNs(): bigint {
    return this.#buffer.readBigUInt64LE(this.#at + RECORD_OFFSET.bootNs)
  }

  get cgroup(): bigint {
    return this.#buffer.readBigUInt64LE(this.#at + RECORD_OFFSET.cgroup)
  }

  get pid(): number {
    return this.#buffer.readUInt32LE(this.#at + RECORD_OFFSET.pid)
  }

  get tid(): number {
    return this.#buffer.readUInt32LE(this.#at + RECORD_OFFSET.tid)
  }

  get startNs(): bigint {
    return this.#buffer.readBigUInt64LE(this.#at + RECORD_OFFSET.startNs)
  }

  get ppid(): number {
    return this.#buffer.readUInt32LE(this.#at + RECORD_OFFSET.ppid)
  }

  get uid(): number {
    return this.#buffer.readUInt32LE(this.#at + RECORD_OFFSET.uid)
  }

  get parentStartNs(): bigint {
    return this.#buffer.readBigUInt64LE(this.#at + RECORD_OFFSET.parentStartNs)
  }

  /** What the call returned: a negative errno where it failed. */
  get result(): bigint {
    return this.#buffer.readBigInt64LE(this.#at + RECORD_OFFSET.result)
  }

  /** One of the six numbers of SPEC S2, 0 to 5. */
  number(index: number): bigint {
    return this.#buffer.readBigUInt64LE(this.#at + RECORD_OFFSET.numbers + index * 8)
  }

  get comm(): string {
    const from = this.#at + RECORD_OFFSET.comm
    return textUpToZero(this.#buffer.subarray(from, from + 16))
  }

  /** The data of the first field with this tag, a view into the batch. */
  field(tag: number): Buffer | undefined {
    for (let at = this.#at + RECORD_OFFSET.fields; at + 4 <= this.#end;) {
      const bytes = this.#buffer.readUInt16LE(at + 2)
      if (at + 4 + bytes > this.#end) return undefined
      if (this.#buffer.readUInt16LE(at) === tag) return this.#buffer.subarray(at + 4, at + 4 + bytes)
      at += (4 + bytes + 7) & ~7
    }
    return undefined
  }

  /** A field as text. *Untrusted*: bytes that are not UTF-8 become replacement characters. */
  text(tag: number): string | undefined {
    return this.field(tag)?.toString('utf8')
  }

  /** The arguments of an exec'd process, without their end marks. *Untrusted.* */
  get argv(): readonly string[] {
    const field = this.field(FIELD_TAG.argv)
    if (field === undefined) return []
    const text = field.toString('utf8')
    return (text.endsWith('\0') ? text.slice(0, -1) : text).split('\0')
  }
}

function textUpToZero(bytes: Buffer): string {
  const end = bytes.indexOf(0)
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end)
}
