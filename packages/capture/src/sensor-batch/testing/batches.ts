import type { SensorSource } from '@holdfast/model'

/** A source as a driver states it. */
export const SOURCE: SensorSource = {
  sensor: 'a1b2',
  start: 'c3d4',
  host: 'node-1',
  bootId: '11112222-3333-4444-5555-666677778888',
  bootToWallNs: '1795000000000000000',
  cgroup: '4242',
  cgroupPath: 'holdfast/run-7',
  agent: 'host:node-1/builder',
  agentName: 'builder',
  run: 'run-7',
}

export type RecordParts = {
  readonly type: number
  readonly bootNs: bigint
  readonly number?: bigint
  readonly trace?: string
  readonly fields?: readonly (readonly [tag: number, data: string])[]
}

/** An entry of encoding `sensor-record`: joint and record (sensor/SPEC.md, S1 and S5). */
export function entryOf(parts: RecordParts): Buffer {
  const fields = (parts.fields ?? []).map(([tag, data]) => {
    const bytes = Buffer.from(data)
    const field = Buffer.alloc((4 + bytes.length + 7) & ~7)
    field.writeUInt16LE(tag, 0)
    field.writeUInt16LE(bytes.length, 2)
    bytes.copy(field, 4)
    return field
  })
  const record = Buffer.concat([Buffer.alloc(128), ...fields])
  record.writeUInt16LE(parts.type, 0)
  record.writeUInt32LE(record.length, 4)
  record.writeBigUInt64LE(parts.bootNs, 8)
  const joint = Buffer.alloc(64)
  joint[0] = 1
  joint.writeBigUInt64LE(parts.number ?? 1n, 8)
  if (parts.trace !== undefined) {
    joint[1] = 1
    joint.write(parts.trace, 16, 'hex')
  }
  return Buffer.concat([joint, record])
}

/** A batch of one group. */
export function groupOf(source: unknown, entries: readonly Buffer[], encoding = 0): Buffer {
  const text = Buffer.from(JSON.stringify(source))
  const framed = entries.map((entry) => {
    const header = Buffer.alloc(8)
    header.writeUInt32LE(entry.length, 0)
    return Buffer.concat([header, entry])
  })
  const body = Buffer.concat(framed)
  const header = Buffer.alloc(16)
  header.writeUInt32LE(text.length, 0)
  header.writeUInt32LE(body.length, 4)
  header.writeUInt32LE(entries.length, 8)
  header.writeUInt32LE(encoding, 12)
  return Buffer.concat([header, text, body])
}
