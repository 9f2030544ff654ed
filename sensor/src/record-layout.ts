import { RECORD_OFFSET, RECORD_TYPE } from './loader/record-layout.ts'

/** Where a joint holds what (SPEC S5). */
export const JOINT = { basis: 1, number: 8, trace: 16, span: 32, pid: 40, startNs: 48, bytes: 64 } as const

/** Names of types as SPEC S2 has them. */
const TYPE_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(RECORD_TYPE).map(([name, type]) => [
    type,
    name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
  ]),
)

/** The name of a type as SPEC S2 has it. */
export function typeName(type: number): string {
  return TYPE_NAMES.get(type) ?? `type ${type}`
}

/** Where the record at `at` ends; undefined where no whole record lies there. */
export function endOf(bytes: Buffer, at: number): number | undefined {
  if (at + RECORD_OFFSET.fields > bytes.length) return undefined
  const end = at + bytes.readUInt32LE(at + RECORD_OFFSET.bytes)
  return end < at + RECORD_OFFSET.fields || end > bytes.length ? undefined : end
}

/** Data of a field of the record at `at`; undefined where it has none. */
export function fieldOf(bytes: Buffer, at: number, tag: number): Buffer | undefined {
  const end = endOf(bytes, at) ?? at
  for (let pos = at + RECORD_OFFSET.fields; pos + 4 <= end;) {
    const length = bytes.readUInt16LE(pos + 2)
    if (pos + 4 + length > end) return undefined
    if (bytes.readUInt16LE(pos) === tag) return bytes.subarray(pos + 4, pos + 4 + length)
    pos += (4 + length + 7) & ~7
  }
  return undefined
}

/** A 64-bit number as a JavaScript one: exact below 2^53, which ids of cgroups and 104 days in ns are. */
export function number64(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at + 4) * 4_294_967_296 + bytes.readUInt32LE(at)
}

/** An IP address and port out of a socket address field (SPEC S1, 6 and 7); undefined for other families. */
export function addressIn(field: Buffer): { readonly address: string; readonly port: number } | undefined {
  const family = field.length < 8 ? 0 : field.readUInt16LE(0)
  if (family === 2) return { address: field.subarray(4, 8).join('.'), port: field.readUInt16LE(2) }
  if (family !== 10 || field.length < 20) return undefined
  const words = Array.from({ length: 8 }, (_, i) => field.readUInt16BE(4 + i * 2).toString(16))
  return { address: words.join(':'), port: field.readUInt16LE(2) }
}
