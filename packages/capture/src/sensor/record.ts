import { ipv4Text, ipv6Text } from './dns.ts'
import type { SocketEnd } from '@holdfast/model'
import { FIELD_HEADER_BYTES, JOINT_BYTES, RECORD_FIXED_BYTES } from '../sensor-batch/layout.ts'

/** Tags of the fields of a record (sensor/SPEC.md, S1). */
export const FIELD = {
  path: 1,
  argv: 2,
  cwd: 3,
  path2: 5,
  local: 6,
  remote: 7,
  dns: 8,
  interpreter: 10,
  text: 11,
  bitmap: 12,
  fsmagic: 13,
  capabilities: 14,
} as const

/** Fields of one record that are looked at; programs write six at most. */
const MAX_FIELDS = 32
/** Characters of a path or name that are kept (the body type says so). */
const MAX_TEXT = 4_096

/** One record of a kernel program with the joint before it, numbers still as the kernel gave them. */
export type SensorRecord = {
  readonly type: number
  readonly isCut: boolean
  readonly isSetup: boolean
  readonly bootNs: bigint
  readonly pid: number
  readonly startNs: bigint
  readonly ppid: number
  readonly parentStartNs: bigint
  readonly uid: number
  readonly result: number
  readonly numbers: readonly bigint[]
  readonly fields: ReadonlyMap<number, Uint8Array>
  /** Number of the record within one run of the sensor. */
  readonly number: bigint
  readonly basis: number
  /** Hexadecimal as the joint holds them; zeros where there is no context. */
  readonly trace: string
  readonly span: string
}

/** Undefined where the bytes are no joint of version 1 with a record behind it. Never throws. Untrusted. */
export function readRecord(body: Uint8Array): SensorRecord | undefined {
  const at = JOINT_BYTES
  if (body.length < at + RECORD_FIXED_BYTES || body[0] !== 1) return undefined
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  if (view.getUint32(at + 4, true) !== body.length - at) return undefined
  const numbers = [0, 1, 2, 3, 4, 5].map((slot) => view.getBigUint64(at + 64 + slot * 8, true))
  return {
    type: view.getUint16(at, true),
    isCut: (view.getUint16(at + 2, true) & 6) !== 0,
    isSetup: (view.getUint16(at + 2, true) & 8) !== 0,
    bootNs: view.getBigUint64(at + 8, true),
    pid: view.getUint32(at + 24, true),
    startNs: view.getBigUint64(at + 32, true),
    ppid: view.getUint32(at + 40, true),
    uid: view.getUint32(at + 44, true),
    parentStartNs: view.getBigUint64(at + 48, true),
    result: Number(view.getBigInt64(at + 56, true)),
    numbers,
    fields: readFields(view, body),
    number: view.getBigUint64(8, true),
    basis: body[1] ?? 0,
    trace: hexOf(body.subarray(16, 32)),
    span: hexOf(body.subarray(32, 40)),
  }
}

/** The first field of each tag; one that runs past the end is left out with all after it. */
function readFields(view: DataView, body: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const fields = new Map<number, Uint8Array>()
  let at = JOINT_BYTES + RECORD_FIXED_BYTES
  for (let left = MAX_FIELDS; left > 0 && at + FIELD_HEADER_BYTES <= body.length; left--) {
    const tag = view.getUint16(at, true)
    const from = at + FIELD_HEADER_BYTES
    const to = from + view.getUint16(at + 2, true)
    if (to > body.length) break
    if (!fields.has(tag)) fields.set(tag, body.subarray(from, to))
    at = JOINT_BYTES + ((to - JOINT_BYTES + 7) & ~7)
  }
  return fields
}

/** The text of a field, empty where there is none. Bytes that are not UTF-8 become U+FFFD. */
export function textField(record: SensorRecord, tag: number): string {
  return textOf(record.fields.get(tag)).slice(0, MAX_TEXT).toWellFormed()
}

/** The arguments joined by spaces; undefined where the kernel could not read them. */
export function argumentsOf(record: SensorRecord): string | undefined {
  const bytes = record.fields.get(FIELD.argv)
  if (bytes === undefined) return undefined
  const end = bytes.at(-1) === 0 ? bytes.length - 1 : bytes.length
  return textOf(bytes.subarray(0, end)).replaceAll('\0', ' ')
}

/** One end of a socket; undefined where the field is absent, cut or of a family that has no address. */
export function socketEnd(record: SensorRecord, tag: number): SocketEnd | undefined {
  const bytes = record.fields.get(tag)
  if (bytes === undefined || bytes.length < 4) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const port = view.getUint16(2, true)
  switch (view.getUint16(0, true)) {
    case 1: {
      const path = bytes.subarray(4)
      // An abstract address begins with a zero byte; `@` is how everybody shows it.
      const text = path[0] === 0 ? `@${textOf(path.subarray(1))}` : textOf(path)
      return { address: text.replace(/\0.*$/s, '').slice(0, MAX_TEXT), port: 0 }
    }
    case 2:
      return bytes.length < 8 ? undefined : { address: ipv4Text(bytes.subarray(4, 8)), port }
    case 10:
      return bytes.length < 20 ? undefined : { address: ipv6Text(bytes.subarray(4, 20)), port }
    default:
      return undefined
  }
}

/** True where a socket address says that it is a unix socket. */
export function isUnixEnd(record: SensorRecord): boolean {
  return [FIELD.remote, FIELD.local].some((tag) => {
    const bytes = record.fields.get(tag)
    return bytes !== undefined && bytes[0] === 1 && bytes[1] === 0
  })
}

/** Slot `slot` of the six numbers as a number; past 2^53 it loses digits, which only kernel pointers reach. */
export function numberAt(record: SensorRecord, slot: number): number {
  return Number(record.numbers[slot] ?? 0n)
}

/** The same as a signed 32-bit number, as the kernel takes file descriptors and ids. */
export function intAt(record: SensorRecord, slot: number): number {
  return Number(BigInt.asIntN(32, record.numbers[slot] ?? 0n))
}

function textOf(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}
