import { expect, test } from 'vitest'

import type { AnyValue } from '../decode/any-value.ts'
import { AttributeReader } from './attribute-reader.ts'
import { holdfastSocket } from './holdfast-socket.ts'
import type { LogRecord } from '../decode/records.ts'

const TOLD: Readonly<Record<string, AnyValue>> = {
  'network.transport': 'tcp',
  'network.local.address': '::ffff:10.0.0.7',
  'network.local.port': 40_000,
  'network.peer.address': '93.184.216.34',
  'network.peer.port': 443,
  'process.pid': 7,
  'server.address': 'example.org',
}

function read(told: Readonly<Record<string, AnyValue>>) {
  const attributes = new Map(Object.entries(told))
  const record = { kind: 'log', eventName: 'holdfast.socket', body: null, attributes, cut: 0 } as unknown as LogRecord // no time is read
  const reader = new AttributeReader(attributes)
  const received = {
    record,
    resource: { attributes: new Map() },
    scope: { name: '', version: '', attributes: new Map() },
  }
  expect(holdfastSocket.recognises(received)).toBe(true)
  return { acts: holdfastSocket.read(received, reader).acts, unread: reader.unread() }
}

test('a report is one socket with both ends, and nothing of it is unmapped', () => {
  expect(read(TOLD)).toEqual({
    acts: [
      {
        kind: 'socket',
        protocol: 'tcp',
        local: { address: '10.0.0.7', port: 40_000 },
        remote: { address: '93.184.216.34', port: 443 },
        pid: 7,
        name: 'example.org',
      },
    ],
    unread: [],
  })
})

test.each([
  ['network.peer.port', 65_536n],
  ['network.local.port', 'no port'],
  ['network.peer.address', ''],
  ['network.transport', 'quic'],
])('where %s is %s, nothing is claimed', (key, value) => {
  expect(read({ ...TOLD, [key]: value }).acts).toEqual([])
})
