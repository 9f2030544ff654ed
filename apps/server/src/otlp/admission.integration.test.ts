import { request } from 'node:http'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { BodyPool } from './body-pool.ts'
import { startOtlpHttp } from './http.ts'
import { MAX_IN_FLIGHT_BYTES_PER_SENDER, MAX_POOLED_BODY_BYTES, POOL_BYTES } from './limits.ts'
import { testSink, tracesProto } from './testing/with-recorder.ts'

const SENDERS = 24
const BODY_BYTES = 14_000_000

test('R8 bodies that do not fit beside those being read are refused before a byte of them is sent', async () => {
  await using t = await testSink()
  await using http = await startOtlpHttp({ host: '127.0.0.1', port: 0, sink: t.sink })
  const fitting = Math.floor(MAX_IN_FLIGHT_BYTES_PER_SENDER / BODY_BYTES)
  const refusals: IncomingMessage[] = []
  const enough = Promise.withResolvers<void>()
  const open = new Set<ClientRequest>()
  for (let i = 0; i < SENDERS; i += 1) {
    const asked = announce(http.port, BODY_BYTES)
    open.add(asked)
    asked.once('response', (response) => {
      open.delete(asked)
      asked.destroy()
      if (refusals.push(response) === SENDERS - fitting) enough.resolve()
    })
    asked.on('error', () => undefined)
  }
  await enough.promise
  expect(refusals.map(({ statusCode, headers }) => [statusCode, headers['retry-after']])).toEqual(
    refusals.map(() => [429, '1']),
  )
  expect(open.size).toBe(fitting)
  expect(t.refusals).toHaveLength(SENDERS - fitting)
  // What was let in and went away makes room for the next.
  for (const asked of open) asked.destroy()
  const body = tracesProto({ blob: 'x'.repeat(BODY_BYTES) })
  while ((await sent(http.port, body)) === 429) {
    // The listener has not seen yet that the others are gone.
  }
  expect(t.recorder.size).toBe(1)
})

test('a buffer is used again for a body of about its size, and never by two at once', () => {
  const pool = new BodyPool()
  const first = pool.take(300_000)
  const second = pool.take(300_000)
  expect(second.buffer).not.toBe(first.buffer)
  pool.give(first)
  const third = pool.take(310_000)
  expect(third.buffer).toBe(first.buffer)
  expect(third).toHaveLength(310_000)
  expect(pool.take(300_000).buffer).not.toBe(first.buffer)
})

test('keeps no more memory than its bound, and none of large bodies', () => {
  const pool = new BodyPool()
  const large = pool.take(MAX_POOLED_BODY_BYTES + 1)
  pool.give(large)
  expect(pool.take(MAX_POOLED_BODY_BYTES + 1).buffer).not.toBe(large.buffer)
  const count = POOL_BYTES / MAX_POOLED_BODY_BYTES
  const taken = Array.from({ length: count + 5 }, () => pool.take(MAX_POOLED_BODY_BYTES))
  for (const buffer of taken) pool.give(buffer)
  const known = new Set(taken.map(({ buffer }) => buffer))
  const again = Array.from({ length: count + 5 }, () => pool.take(MAX_POOLED_BODY_BYTES))
  expect(again.filter(({ buffer }) => known.has(buffer))).toHaveLength(count)
})

function announce(port: number, bytes: number): ClientRequest {
  const headers = { 'content-type': 'application/x-protobuf', 'content-length': bytes }
  const asked = request({ host: '127.0.0.1', port, path: '/v1/traces', method: 'POST', headers, agent: false })
  asked.flushHeaders()
  return asked
}

function sent(port: number, body: Buffer): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = announce(port, body.length)
    asked.once('response', (response) => {
      resolve(response.statusCode)
      asked.destroy()
    })
    asked.on('error', reject)
    asked.end(body)
  })
}
