import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exchangeOf } from '../http/whole-exchange.ts'
import { Session } from '../mcp/testing/sessions.ts'
import { encodeProxyBatch } from './encode-batch.ts'
import { scanProxyBatch } from './scan-batch.ts'
import type { ProxyHeader, ProxyKind } from './source.ts'

const START = 'a1b2c3d4e5f60718'
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const BATCH = { sensor: 'mcp-proxy', start: START, sequence: 3 }

function headerOf(more: Partial<ProxyHeader['source']> = {}): ProxyHeader {
  return {
    source: {
      kind: 'mcp-proxy',
      start: START,
      attributes: { 'service.name': 'desk', 'host.name': 'node-1' },
      pid: '42',
      target: 'node tickets.js',
      run: 'run-7',
      ...more,
    },
  }
}

function scan(body: Uint8Array, kind: ProxyKind = 'mcp-proxy') {
  return scanProxyBatch({ body, kind, batch: BATCH, credential: 'token' })
}

function callEntries(secret = 'x'): readonly Buffer[] {
  const session = new Session()
  const params = {
    name: 'get_ticket',
    arguments: { password: secret },
    _meta: { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` },
  }
  session.toServer({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })
  session.toClient({ jsonrpc: '2.0', id: 1, result: {} })
  return session.entries
}

test('messages become entries of the boundary tier, of the agent that the environment names', () => {
  const scanned = scan(encodeProxyBatch(headerOf(), callEntries()))
  if (scanned.status !== 'scanned') throw new Error(scanned.message)
  const [group] = scanned.groups
  expect(group?.envelope).toMatchObject({
    channel: 'mcp-proxy',
    tier: 'boundary',
    encoding: 'mcp-message',
    credential: 'token',
    agent: 'host:node-1/desk',
    agentName: 'desk',
  })
  expect(new Set(group?.terms)).toEqual(
    new Set([
      `batch:mcp-proxy/${START}/3`,
      'agent:host:node-1/desk',
      'run:run-7',
      `trace:${TRACE}`,
      `call:${START}/1`,
      'tool:get_ticket',
    ]),
  )
  expect(group?.claimedFrom).toBe(1795000000000001000n)
  expect(group?.claimedTo).toBe(1795000000000002000n)
})

test('credentials in messages are masked in their length', () => {
  const secret = 'correct-horse-battery'
  const entries = callEntries(secret)
  const scanned = scan(encodeProxyBatch(headerOf(), entries))
  const [group] = scanned.status === 'scanned' ? scanned.groups : []
  const body = Buffer.from(group?.bytes.subarray(group.starts[0], group.ends[0]) ?? [])
  expect(body.length).toBe(entries[0]?.length)
  expect(body.includes(secret)).toBe(false)
  expect(group?.masks.get(0)).toHaveLength(1)
})

test('exchanges of a model proxy are found by the trace that their request names', () => {
  const rawFields = ['traceparent', `00-${TRACE}-00f067aa0ba902b7-01`, 'authorization', 'Bearer secret-key']
  const seen = exchangeOf({ method: 'POST', target: '/v1/chat/completions', authority: 'api', rawFields }, 5n)
  const answer = seen.answer({ status: 200, rawFields: ['content-type', 'application/json'] }, 6n)
  answer.push(Buffer.from('{}'))
  answer.end(7n)
  const entry = seen.encode(`${START}-1`, { seenBy: 'proxy' }, [])
  expect(entry.includes('secret-key')).toBe(false)
  const scanned = scan(encodeProxyBatch(headerOf({ kind: 'llm-proxy' }), [entry]), 'llm-proxy')
  const [group] = scanned.status === 'scanned' ? scanned.groups : []
  expect(group?.envelope).toMatchObject({ channel: 'llm-proxy', encoding: 'http-exchange' })
  expect(group?.terms).toContain(`trace:${TRACE}`)
  expect(group?.claimedFrom).toBe(5n)
})

test('a batch may tell of a loss alone', () => {
  const lost = { records: 4, since: '2026-11-21T08:00:00.000Z' }
  expect(scan(encodeProxyBatch({ ...headerOf(), lost }, []))).toMatchObject({
    status: 'scanned',
    entries: 0,
    groups: [],
  })
})

const whole = encodeProxyBatch(headerOf(), callEntries())
test.each([
  ['no bytes', Buffer.alloc(0), 'header'],
  ['a cut entry', whole.subarray(0, -1), 'cut off'],
  ['no entry', encodeProxyBatch(headerOf(), []), 'no entry'],
  ['another start', encodeProxyBatch(headerOf({ start: '0'.repeat(16) }), callEntries()), 'another proxy'],
  ['another kind', encodeProxyBatch(headerOf({ kind: 'llm-proxy' }), callEntries()), 'another proxy'],
  ['an entry of another kind', encodeProxyBatch(headerOf(), [Buffer.from('{}')]), 'not of its kind'],
  ['an empty entry', encodeProxyBatch(headerOf(), [Buffer.alloc(0)]), 'of 0 bytes'],
  ['a header that is none', encodeProxyBatch({ source: {} } as unknown as ProxyHeader, []), 'not understood'],
])('refuses %s', (_, body, reason) => {
  const result = scan(body)
  expect(result.status === 'malformed' && result.message).toContain(reason)
})

test('whatever bytes come, it answers', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 8 }), (changes) => {
      const body = Buffer.from(whole)
      for (const [at, byte] of changes) body[at] = byte
      expect(['scanned', 'malformed']).toContain(scan(body).status)
    }),
  )
})
