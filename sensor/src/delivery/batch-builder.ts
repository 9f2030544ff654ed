import type { SensorSource } from '@holdfast/model'
import { BATCH_BYTES, BATCH_ENTRIES, BATCH_MOST_BYTES, BATCH_MOST_GROUPS, GROUP_BYTES } from '../limits.ts'
import { RECORD_OFFSET } from '../loader/record-layout.ts'
import { JOINT, typeName } from '../record-layout.ts'

const GROUP_HEADER_BYTES = 16
const ENTRY_HEADER_BYTES = 8
const ENCODING = { record: 0, exchange: 1 } as const

const JOINT_VERSION = 1

/** Writes the trace context of a record into its joint. */
export type Stamper = {
  readonly stamp: (records: Buffer, at: number, joint: Buffer, jointAt: number, cgroup: number) => void
}

/** A batch as it goes to the spool and over the socket (SPEC S5). */
export type Batch = { readonly body: Buffer; readonly entries: number }

/** Entries of one cgroup and encoding, one after the other in memory that grows and is used again. */
class Group {
  readonly cgroup: number
  readonly encoding: number
  bytes: Buffer = Buffer.allocUnsafe(16_384)
  length = 0
  count = 0

  constructor(cgroup: number, encoding: number) {
    this.cgroup = cgroup
    this.encoding = encoding
  }

  /** Room for an entry of so many bytes behind its header; where the entry begins. */
  reserve(bytes: number): number {
    const needed = this.length + ENTRY_HEADER_BYTES + bytes
    if (needed > this.bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2))
      this.bytes.copy(grown, 0, 0, this.length)
      this.bytes = grown
    }
    this.bytes.writeUInt32LE(bytes, this.length)
    this.bytes.writeUInt32LE(0, this.length + 4)
    const at = this.length + ENTRY_HEADER_BYTES
    this.length = needed
    this.count += 1
    return at
  }
}

/** Puts records together by cgroup: bytes in, bytes out, no object for a record. */
export class BatchBuilder {
  /** Oldest first. Those that are full take no more; one of each cgroup and encoding at most is not. */
  readonly #waiting = new Set<Group>()
  readonly #groups = new Map<number, Group>()
  readonly #exchanges = new Map<number, Group>()
  #bytes = 0
  #entries = 0
  #number = 0

  /** True where the batch should go before its time. */
  get isFull(): boolean {
    return this.#bytes >= BATCH_BYTES || this.#entries >= BATCH_ENTRIES
  }

  get isEmpty(): boolean {
    return this.#entries === 0
  }

  /** Adds the record at `at` of `records`, stamped by `stamper`. */
  addRecord(cgroup: number, records: Buffer, at: number, stamper: Stamper): void {
    const bytes = records.readUInt32LE(at + RECORD_OFFSET.bytes)
    const group = this.#groupOf(this.#groups, ENCODING.record, cgroup, bytes)
    const to = group.reserve(JOINT.bytes + bytes)
    group.bytes.fill(0, to, to + JOINT.bytes)
    group.bytes[to] = JOINT_VERSION
    this.#number += 1
    group.bytes.writeUInt32LE(this.#number % 4_294_967_296, to + JOINT.number)
    group.bytes.writeUInt32LE(Math.floor(this.#number / 4_294_967_296), to + JOINT.number + 4)
    stamper.stamp(records, at, group.bytes, to, cgroup)
    records.copy(group.bytes, to + JOINT.bytes, at, at + bytes)
    this.#note(JOINT.bytes + bytes)
  }

  /** Adds an HTTP exchange: JSON text as bytes. */
  addExchange(cgroup: number, text: Buffer): void {
    const group = this.#groupOf(this.#exchanges, ENCODING.exchange, cgroup, text.length)
    // Making room may move the bytes.
    const at = group.reserve(text.length)
    text.copy(group.bytes, at)
    this.#note(text.length)
  }

  /**
   * Takes what is there as a batch, but for groups whose source is not known yet, and those that would make it larger than
   * the server takes: they go with the next. Undefined where nothing can go.
   */
  take(sourceOf: (cgroup: number) => Buffer | undefined): Batch | undefined {
    const parts: Buffer[] = []
    let entries = 0
    let bytes = 0
    for (const group of this.#waiting) {
      if (entries > 0 && (bytes + group.length > BATCH_MOST_BYTES || entries + group.count > 2 * BATCH_ENTRIES)) break
      if (parts.length >= 3 * BATCH_MOST_GROUPS) break
      const source = sourceOf(group.cgroup)
      if (source === undefined) continue
      const header = Buffer.alloc(GROUP_HEADER_BYTES)
      header.writeUInt32LE(source.length, 0)
      header.writeUInt32LE(group.length, 4)
      header.writeUInt32LE(group.count, 8)
      header.writeUInt32LE(group.encoding, 12)
      parts.push(header, source, group.bytes.subarray(0, group.length))
      entries += group.count
      bytes += group.length
      this.#waiting.delete(group)
      const open = group.encoding === ENCODING.record ? this.#groups : this.#exchanges
      if (open.get(group.cgroup) === group) open.delete(group.cgroup)
    }
    this.#entries -= entries
    this.#bytes -= bytes
    return entries === 0 ? undefined : { body: Buffer.concat(parts), entries }
  }

  /** Where an entry of so many bytes goes. */
  #groupOf(open: Map<number, Group>, encoding: number, cgroup: number, bytes: number): Group {
    const known = open.get(cgroup)
    if (known !== undefined && known.count < BATCH_ENTRIES && known.length + bytes <= GROUP_BYTES) return known
    const group = new Group(cgroup, encoding)
    open.set(cgroup, group)
    this.#waiting.add(group)
    return group
  }

  #note(bytes: number): void {
    this.#bytes += bytes + ENTRY_HEADER_BYTES
    this.#entries += 1
  }
}

/** Calls back with the cgroup, agent and type of each entry of a batch: who lost what, when it cannot be kept. */
export function eachEntry(
  batch: Buffer,
  tell: (source: Pick<SensorSource, 'cgroup' | 'agentName'>, type: string) => void,
): void {
  for (let at = 0; at + GROUP_HEADER_BYTES <= batch.length;) {
    const sourceAt = at + GROUP_HEADER_BYTES
    const entriesAt = sourceAt + batch.readUInt32LE(at)
    const end = entriesAt + batch.readUInt32LE(at + 4)
    const isRecord = batch.readUInt32LE(at + 12) === ENCODING.record
    // Our own batch: its source was written by this program.
    const source = JSON.parse(batch.toString('utf8', sourceAt, entriesAt)) as SensorSource
    for (let entry = entriesAt; entry < end; entry += ENTRY_HEADER_BYTES + batch.readUInt32LE(entry)) {
      const record = entry + ENTRY_HEADER_BYTES + JOINT.bytes
      tell(source, isRecord ? typeName(batch.readUInt16LE(record)) : 'http-exchange')
    }
    at = end
  }
}
