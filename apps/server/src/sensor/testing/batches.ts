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
  const source = Buffer.from(JSON.stringify({ ...SOURCE, ...speaker }))
  const entries = Buffer.concat(Array.from({ length: count }, (_, i) => entryOf(first + i)))
  const header = Buffer.alloc(16)
  header.writeUInt32LE(source.length, 0)
  header.writeUInt32LE(entries.length, 4)
  header.writeUInt32LE(count, 8)
  return Buffer.concat([header, source, entries])
}

/** A joint without context, and a record of an exit without fields. */
function entryOf(number: number): Buffer {
  const entry = Buffer.alloc(8 + 64 + 128)
  entry.writeUInt32LE(64 + 128, 0)
  entry[8] = 1
  entry.writeBigUInt64LE(BigInt(number), 16)
  entry.writeUInt16LE(3, 72)
  entry.writeUInt32LE(128, 76)
  entry.writeBigUInt64LE(BigInt(number) * 1_000n, 80)
  return entry
}
