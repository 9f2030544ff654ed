import type { HttpExchange } from '@holdfast/capture'
import { expect, test } from 'vitest'
import { TlsConnections } from './connections.ts'
import type { TlsRecord } from './connections.ts'
import { MAX_CONNECTIONS } from './limits.ts'

const HONEST = 7
const GREEDY = 8

function record(cgroup: number, connection: string, direction: number, offset: number, text: string): TlsRecord {
  const bytes = Buffer.from(text)
  const origin = () => ({ seenBy: 'openssl' }) as const
  return {
    cgroup,
    pid: cgroup,
    connection,
    direction,
    offset,
    bytes,
    at: 1n,
    origin,
    remote: undefined,
    socket: undefined,
  }
}

const ASK = 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi'
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nyo'

test('an agent that opens connections without end cuts off its own and no other', () => {
  const seen: [number, HttpExchange][] = []
  const connections = new TlsConnections((cgroup, exchange) => seen.push([cgroup, exchange]))
  connections.take(record(HONEST, 'honest', 0, 0, ASK))
  for (let i = 0; i < MAX_CONNECTIONS + 100; i += 1) connections.take(record(GREEDY, `greedy ${i}`, 0, 0, ASK))
  expect(seen.map(([cgroup]) => cgroup)).toEqual(Array.from({ length: 101 }, () => GREEDY))
  connections.take(record(HONEST, 'honest', 1, 0, ANSWER))
  expect(seen.at(-1)).toMatchObject([HONEST, { missing: [], response: { status: 200, body: { data: 'yo' } } }])
})

test('an agent that holds the most bytes makes room first', () => {
  const seen: [number, HttpExchange][] = []
  const connections = new TlsConnections((cgroup, exchange) => seen.push([cgroup, exchange]))
  connections.take(record(HONEST, 'honest', 0, 0, ASK))
  const head = 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9000000\r\n\r\n'
  const body = 'x'.repeat(7_000_000)
  for (let i = 0; i < 45; i += 1) {
    connections.take(record(GREEDY, `greedy ${i}`, 0, 0, head))
    connections.take(record(GREEDY, `greedy ${i}`, 0, head.length, body))
  }
  expect(seen.length).toBeGreaterThan(0)
  expect(new Set(seen.map(([cgroup]) => cgroup))).toEqual(new Set([GREEDY]))
  connections.take(record(HONEST, 'honest', 1, 0, ANSWER))
  expect(seen.at(-1)).toMatchObject([HONEST, { missing: [] }])
  connections.endAll()
  expect(seen).toHaveLength(46)
})
