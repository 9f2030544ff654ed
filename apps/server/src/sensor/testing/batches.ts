/** Which run of which sensor the made-up batches are of. */
export const SPEAKER = { sensor: 'a1b2', start: 'c3d4' } as const

const SOURCE = {
  ...SPEAKER,
  host: 'node-1',
  bootId: '11112222-3333-4444-5555-666677778888',
  bootToWallNs: '1795000000000000000',
  cgroup: '4242',
  cgroupPath: 'holdfast/run-7',
  agent: 'host:node-1/builder',
  agentName: 'builder',
}

/** A batch of one group whose records are numbered from `first` on (sensor/SPEC.md, S5). */
export function batchOf(
  first: number,
  count: number,
  speaker: { readonly sensor: string; readonly start: string } = SPEAKER,
): Buffer {
  return sensorBatch(
    Array.from({ length: count }, (_, i) => sensorEntry(first + i, { type: 3 })),
    speaker,
  )
}

/** A batch of one group of these entries. */
export function sensorBatch(entries: readonly Buffer[], speaker: object = SPEAKER): Buffer {
  const source = Buffer.from(JSON.stringify({ ...SOURCE, ...speaker }))
  const body = Buffer.concat(entries)
  const header = Buffer.alloc(16)
  header.writeUInt32LE(source.length, 0)
  header.writeUInt32LE(body.length, 4)
  header.writeUInt32LE(entries.length, 8)
  return Buffer.concat([header, source, body])
}

type RecordParts = {
  readonly type: number
  readonly fields?: readonly (readonly [tag: number, text: string])[]
}

/** A joint without context, and a record with the fields that are given (S1). */
export function sensorEntry(number: number, { type, fields = [] }: RecordParts): Buffer {
  const parts = fields.map(([tag, text]) => {
    const bytes = Buffer.from(text)
    const field = Buffer.alloc((4 + bytes.length + 7) & ~7)
    field.writeUInt16LE(tag, 0)
    field.writeUInt16LE(bytes.length, 2)
    bytes.copy(field, 4)
    return field
  })
  const entry = Buffer.concat([Buffer.alloc(8 + 64 + 128), ...parts])
  entry.writeUInt32LE(entry.length - 8, 0)
  entry[8] = 1
  entry.writeBigUInt64LE(BigInt(number), 16)
  entry.writeUInt16LE(type, 72)
  entry.writeUInt32LE(entry.length - 8 - 64, 76)
  entry.writeBigUInt64LE(BigInt(number) * 1_000n, 80)
  return entry
}
