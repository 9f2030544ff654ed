import { normalise } from '@holdfast/capture'
import { agentIdOf, parseSha256, parseUnixNano, type Event, type SensorSource } from '@holdfast/model'
import type { Hello } from '../loader/told.ts'
import { JOINT } from '../record-layout.ts'
import type { Watching } from './watching.ts'

/** The events that the server makes of what was recorded of a cgroup until now. Throws where a record has no meaning. */
export async function eventsOf(watching: Watching, cgroup: bigint): Promise<readonly Event[]> {
  const records = await watching.all(undefined, (cursor) => ({ of: cursor.cgroup, bytes: Buffer.from(cursor.bytes) }))
  const resource = Buffer.from(JSON.stringify(sourceOf(watching.loader.hello, cgroup)))
  return records.flatMap(({ of, bytes }, index) => (of === cgroup ? meaning(bytes, resource, index) : []))
}

function meaning(record: Buffer, resource: Buffer, index: number): readonly Event[] {
  const joint = Buffer.alloc(JOINT.bytes)
  joint[0] = 1
  joint.writeUInt32LE(index + 1, JOINT.number)
  const at = parseUnixNano(1_795_000_000_000_000_000n)
  const digest = parseSha256('0'.repeat(64))
  if (at === undefined || digest === undefined) throw new Error('both are in range')
  const { events, unmapped } = normalise({
    index,
    recordedAt: at,
    envelope: {
      channel: 'sensor',
      instance: 'sensor.sock',
      credential: 'test',
      tier: 'kernel',
      encoding: 'sensor-record',
      clock: 'live',
      agent: agentIdOf({ kind: 'host', host: 'host', service: 'agent' }),
      agentName: 'agent',
      resource,
      scope: new Uint8Array(0),
      schemaUrl: '',
    },
    bodyDigest: digest,
    body: Buffer.concat([joint, record]),
    masks: [],
  })
  if (unmapped.length > 0) throw new Error(`records of the kernel that mean nothing: ${unmapped.join(', ')}`)
  return events
}

function sourceOf({ bootId, bootToWallNs }: Hello, cgroup: bigint): SensorSource {
  return {
    sensor: 'test',
    start: '0000000000000001',
    host: 'host',
    bootId,
    bootToWallNs: String(bootToWallNs),
    cgroup: String(cgroup),
    cgroupPath: '/test',
    agent: 'host:host/agent',
    agentName: 'agent',
  }
}
