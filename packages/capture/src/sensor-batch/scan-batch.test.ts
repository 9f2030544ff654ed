import fc from 'fast-check'
import { expect, test } from 'vitest'
import { scanSensorBatch } from './scan-batch.ts'
import { entryOf, groupOf, SOURCE } from './testing/batches.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'

function scan(body: Buffer) {
  return scanSensorBatch({ body, instance: 'sensor.sock', batch: { sensor: 'a1b2', start: 'c3d4', sequence: 1 } })
}

function scanned(body: Buffer) {
  const result = scan(body)
  if (result.status !== 'scanned') throw new Error(result.message)
  return result
}

test('records become entries of the kernel tier, found by trace, run and batch', () => {
  const records = [entryOf({ type: 1, bootNs: 900n, trace: TRACE }), entryOf({ type: 3, bootNs: 700n, number: 2n })]
  const { groups, entries } = scanned(groupOf(SOURCE, records))
  const [group] = groups
  expect(entries).toBe(2)
  expect(group?.envelope).toMatchObject({
    channel: 'sensor',
    tier: 'kernel',
    encoding: 'sensor-record',
    agentName: 'builder',
  })
  expect(JSON.parse(Buffer.from(group?.envelope.resource ?? []).toString())).toEqual(SOURCE)
  expect(group?.terms).toEqual([
    'batch:a1b2/c3d4/1',
    'sensor:a1b2/c3d4',
    'agent:host:node-1/builder',
    'run:run-7',
    `trace:${TRACE}`,
  ])
  expect(group?.claimedFrom).toBe(1795000000000000700n)
  expect(group?.claimedTo).toBe(1795000000000000900n)
  expect(Buffer.from(group?.bytes.subarray(group.starts[1], group.ends[1]) ?? [])).toEqual(records[1])
})

test('exchanges are of the boundary tier, and the batch is posted once', () => {
  const body = Buffer.concat([
    groupOf(SOURCE, [entryOf({ type: 1, bootNs: 1n })]),
    groupOf(SOURCE, [Buffer.from('{"request":{}}')], 1),
  ])
  const [, exchange] = scanned(body).groups
  expect(exchange?.envelope).toMatchObject({ channel: 'tls', tier: 'boundary', encoding: 'http-exchange' })
  expect(exchange?.terms).not.toContain('batch:a1b2/c3d4/1')
})

test('credentials in arguments and paths are masked in their length, and binary parts stay as they are', () => {
  const secret = `hunter${'2'.repeat(20)}`
  const fields = [
    [2, `curl\0-u\0me:${secret}\0--password\0${secret}\0-H\0Authorization: Bearer ${secret}\0API_KEY=${secret}\0`],
    [1, `/tmp/x?access_token=${secret}`],
  ] as const
  const clean = entryOf({ type: 1, bootNs: 5n, fields })
  const { groups } = scanned(groupOf(SOURCE, [clean, clean]))
  const [group] = groups
  const body = Buffer.from(group?.bytes.subarray(group.starts[0], group.ends[0]) ?? [])
  expect(body.length).toBe(clean.length)
  expect(body.includes(secret)).toBe(false)
  expect(body.includes('curl\0-u\0me:[masked:user-password]')).toBe(true)
  expect(body.subarray(0, 192)).toEqual(clean.subarray(0, 192))
  expect(group?.masks.get(1)?.map(({ rule }) => rule)).toEqual([
    'user-password',
    'field',
    'authorization',
    'field',
    'field',
  ])
})

const record = entryOf({ type: 1, bootNs: 1n })
test.each([
  ['an empty batch', Buffer.alloc(0), 'no group'],
  ['a cut header', groupOf(SOURCE, [record]).subarray(0, 12), 'header is cut off'],
  ['a cut group', groupOf(SOURCE, [record]).subarray(0, -1), 'is cut off'],
  ['an unknown encoding', groupOf(SOURCE, [record], 7), 'encoding is unknown'],
  ['no entry', groupOf(SOURCE, []), '0 entries'],
  ['a source without an agent', groupOf({ ...SOURCE, agent: undefined }, [record]), 'source is not understood'],
  ["the product's own name", groupOf({ ...SOURCE, agent: 'host:-/holdfast' }, [record]), 'source is not understood'],
  ["another sensor's source", groupOf({ ...SOURCE, sensor: 'ffff' }, [record]), 'another sensor'],
  ['a source with a list', groupOf({ ...SOURCE, pod: [] }, [record]), 'source is not understood'],
  ['a short record', groupOf(SOURCE, [record.subarray(0, 100)]), 'has 100 bytes'],
  ['a record of another size', groupOf(SOURCE, [Buffer.concat([record, Buffer.alloc(8)])]), 'another size'],
])('refuses %s', (_, body, reason) => {
  const result = scan(body)
  expect(result).toMatchObject({ status: 'malformed' })
  expect(result.status === 'malformed' && result.message).toContain(reason)
})

test('whatever bytes come, it answers', () => {
  const good = groupOf(SOURCE, [entryOf({ type: 1, bootNs: 1n, trace: TRACE, fields: [[2, 'a\0--token\0b\0']] })])
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 8 }), (changes) => {
      const body = Buffer.from(good)
      for (const [at, byte] of changes) body[at] = byte
      expect(['scanned', 'malformed']).toContain(scan(body).status)
    }),
  )
})
