import { agentIdOf, parseUnixNano } from '@holdfast/model'
import type { LogEntry, SensorSource } from '@holdfast/model'
import { sha256 } from '../../dialects/content.ts'
import { SOURCE } from '../../sensor-batch/testing/batches.ts'

export type RecordParts = {
  readonly type: number
  readonly flags?: number
  readonly bootNs?: bigint
  readonly pid?: number
  readonly startNs?: bigint
  readonly ppid?: number
  readonly parentStartNs?: bigint
  readonly uid?: number
  readonly result?: number
  readonly numbers?: readonly (number | bigint)[]
  readonly fields?: readonly (readonly [tag: number, data: string | Uint8Array])[]
  readonly number?: bigint
  readonly basis?: number
  readonly trace?: string
  readonly span?: string
}

/** Joint and record, byte for byte as sensor/SPEC.md has them (S5, S1). */
export function recordBytes(parts: RecordParts): Buffer {
  const record = Buffer.concat([Buffer.alloc(128), ...(parts.fields ?? []).map(fieldBytes)])
  record.writeUInt16LE(parts.type, 0)
  record.writeUInt16LE(parts.flags ?? 0, 2)
  record.writeUInt32LE(record.length, 4)
  record.writeBigUInt64LE(parts.bootNs ?? 5_000n, 8)
  record.writeBigUInt64LE(4242n, 16)
  record.writeUInt32LE(parts.pid ?? 100, 24)
  record.writeUInt32LE(parts.pid ?? 100, 28)
  record.writeBigUInt64LE(parts.startNs ?? 4_000n, 32)
  record.writeUInt32LE(parts.ppid ?? 1, 40)
  record.writeUInt32LE(parts.uid ?? 1000, 44)
  record.writeBigUInt64LE(parts.parentStartNs ?? 1n, 48)
  record.writeBigInt64LE(BigInt(parts.result ?? 0), 56)
  for (const [slot, value] of (parts.numbers ?? []).entries())
    record.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)), 64 + slot * 8)
  record.write('agent', 112)
  const joint = Buffer.alloc(64)
  joint[0] = 1
  joint[1] = parts.basis ?? 0
  joint.writeBigUInt64LE(parts.number ?? 1n, 8)
  joint.write(parts.trace ?? '', 16, 'hex')
  joint.write(parts.span ?? '', 32, 'hex')
  return Buffer.concat([joint, record])
}

/** The record as the recorder gives it back. */
export function recordEntry(parts: RecordParts, source: Partial<SensorSource> = {}, index = 7): LogEntry {
  const stated = { ...SOURCE, ...source }
  const body = recordBytes(parts)
  const at = parseUnixNano(1_795_000_000_000_000_000n)
  if (at === undefined) throw new Error('the time is in range')
  return {
    index,
    recordedAt: at,
    envelope: {
      channel: 'sensor',
      instance: 'sensor.sock',
      credential: 'a1b2',
      tier: 'kernel',
      encoding: 'sensor-record',
      clock: 'live',
      agent: agentIdOf({ kind: 'host', host: 'node-1', service: 'builder' }),
      agentName: 'builder',
      resource: new TextEncoder().encode(JSON.stringify(stated)),
      scope: new Uint8Array(0),
      schemaUrl: '',
    },
    bodyDigest: sha256(body.toString('hex')),
    body,
    masks: [],
  }
}

/** A socket address of IPv4 or IPv6 as the kernel programs write it. */
export function addressBytes(port: number, address: readonly number[]): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt16LE(address.length === 4 ? 2 : 10, 0)
  head.writeUInt16LE(port, 2)
  return Buffer.concat([head, Buffer.from(address)])
}

/** A DNS message with one question and any answers, names written out. */
export function dnsBytes(
  name: string,
  answers: readonly { readonly type: number; readonly data: Uint8Array }[] = [],
): Buffer {
  const header = Buffer.alloc(12)
  header.writeUInt16BE(answers.length > 0 ? 0x8180 : 0x0100, 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(answers.length, 6)
  const tail = Buffer.from([0, 1, 0, 1])
  const records = answers.map(({ type, data }) => {
    const fixed = Buffer.alloc(12)
    // A pointer to the question's name, as every resolver writes it.
    fixed.writeUInt16BE(0xc00c, 0)
    fixed.writeUInt16BE(type, 2)
    fixed.writeUInt16BE(1, 4)
    fixed.writeUInt16BE(data.length, 10)
    return Buffer.concat([fixed, data])
  })
  return Buffer.concat([header, nameBytes(name), tail, ...records])
}

export function nameBytes(name: string): Buffer {
  const labels = name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]))
  return Buffer.concat([...labels, Buffer.from([0])])
}

function fieldBytes([tag, data]: readonly [number, string | Uint8Array]): Buffer {
  const bytes = Buffer.from(data)
  const field = Buffer.alloc((4 + bytes.length + 7) & ~7)
  field.writeUInt16LE(tag, 0)
  field.writeUInt16LE(bytes.length, 2)
  bytes.copy(field, 4)
  return field
}
