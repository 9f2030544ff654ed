import { FIELD_TAG, RECORD_OFFSET, RECORD_TYPE } from '../../loader/record-layout.ts'

/** What a test says of a record; times and starts on the boot clock in ns. */
export type Made = {
  readonly type: 'exec' | 'fork' | 'exit' | 'open'
  readonly pid: number
  readonly start: bigint
  readonly at: bigint
  readonly ppid?: number
  readonly parentStart?: bigint
  readonly traceparent?: string
  readonly child?: { readonly pid: number; readonly start: bigint }
}

/** The record as the kernel writes it (SPEC S1). */
export function recordOf(made: Made): Buffer {
  const text = Buffer.from(made.traceparent ?? '')
  const field = text.length === 0 ? 0 : (4 + text.length + 7) & ~7
  const bytes = Buffer.alloc(RECORD_OFFSET.fields + field)
  bytes.writeUInt16LE(RECORD_TYPE[made.type], RECORD_OFFSET.type)
  bytes.writeUInt32LE(bytes.length, RECORD_OFFSET.bytes)
  bytes.writeBigUInt64LE(made.at, RECORD_OFFSET.bootNs)
  bytes.writeUInt32LE(made.pid, RECORD_OFFSET.pid)
  bytes.writeBigUInt64LE(made.start, RECORD_OFFSET.startNs)
  bytes.writeUInt32LE(made.ppid ?? 1, RECORD_OFFSET.ppid)
  bytes.writeBigUInt64LE(made.parentStart ?? 1n, RECORD_OFFSET.parentStartNs)
  bytes.writeUInt32LE(made.child?.pid ?? 0, RECORD_OFFSET.numbers)
  bytes.writeBigUInt64LE(made.child?.start ?? 0n, RECORD_OFFSET.numbers + 16)
  if (field > 0) {
    bytes.writeUInt16LE(FIELD_TAG.traceparent, RECORD_OFFSET.fields)
    bytes.writeUInt16LE(text.length, RECORD_OFFSET.fields + 2)
    text.copy(bytes, RECORD_OFFSET.fields + 4)
  }
  return bytes
}
