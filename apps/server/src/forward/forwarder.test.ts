import { Outgoing } from '@holdfast/connectors'
import { startLocalHttp } from '@holdfast/testkit'
import { expect, test, vi } from 'vitest'
import { isOwnListener } from './endpoint.ts'
import { Forwarder, type ForwarderParts } from './forwarder.ts'
import { parseHops } from './hops.ts'
import { DRAIN_MS, GIVEN_UP_AFTER_MS, MAX_HOPS, POOLED_FROM_BYTES } from './limits.ts'
import { rejectedOf } from './partial-success.ts'

/** Time that goes on when the test says so, and what waits for it. */
class HandMovedTime {
  nowMs = 0
  readonly #calls: { readonly atMs: number; readonly call: () => void }[] = []

  later(ms: number, call: () => void): () => void {
    const waiting = { atMs: this.nowMs + ms, call }
    this.#calls.push(waiting)
    return () => void this.#calls.splice(this.#calls.indexOf(waiting), 1)
  }

  /** Milliseconds until the first of them. */
  nextMs(): number | undefined {
    return this.#calls.length === 0 ? undefined : Math.min(...this.#calls.map(({ atMs }) => atMs)) - this.nowMs
  }

  move(ms: number): void {
    this.nowMs += ms
    const isDue = ({ atMs }: { readonly atMs: number }): boolean => atMs <= this.nowMs
    const due = this.#calls.filter(isDue)
    for (const one of due) this.#calls.splice(this.#calls.indexOf(one), 1)
    for (const { call } of due) call()
  }
}

function forwarderTo(endpoint: string, more: Partial<ForwarderParts> = {}) {
  const time = new HandMovedTime()
  const warnings: unknown[] = []
  const forward = new Forwarder({
    endpoint,
    headers: { authorization: 'Bearer t' },
    hop: 'a'.repeat(16),
    outgoing: new Outgoing({ allow: ['127.0.0.1'] }),
    nowMs: () => time.nowMs,
    random: () => 1,
    later: (ms, call) => time.later(ms, call),
    logger: { warn: (said: unknown) => void warnings.push(said) },
    ...more,
  })
  return { forward, time, warnings }
}

function offered(text: string, hops: readonly string[] = []) {
  return { signal: 'traces', encoding: 'json', body: Buffer.from(text), records: 2, hops } as const
}

async function until(check: () => void): Promise<void> {
  await vi.waitFor(check, { timeout: 60_000, interval: 2 })
}

test('what is offered arrives as it was, with its signal, type, headers and hops', async () => {
  await using endpoint = await startLocalHttp(() => ({ code: 200 }))
  const { forward } = forwarderTo(`${endpoint.url}/otlp`)
  const body = Buffer.from('first')
  forward.offer({ signal: 'logs', encoding: 'proto', body, records: 3, hops: ['b'.repeat(16)] })
  // The memory is the listener's again.
  body.fill(0)
  await until(() => expect(forward.state().delivered).toEqual({ requests: 1, records: 3 }))
  expect(endpoint.requests.map(({ method, url, body: got, headers }) => [method, url.pathname, got, headers])).toEqual([
    [
      'POST',
      '/otlp/v1/logs',
      'first',
      expect.objectContaining({
        'content-type': 'application/x-protobuf',
        authorization: 'Bearer t',
        'holdfast-forwarded-by': `${'b'.repeat(16)},${'a'.repeat(16)}`,
      }),
    ],
  ])
  expect(forward.state()).toMatchObject({ waiting: { requests: 0, bytes: 0 }, to: endpoint.url })
  await forward[Symbol.asyncDispose]()
})

test.each([429, 502, 503, 504, 0])(
  'a %i, or no answer, is tried again after pauses that grow, and one that is never taken is given up',
  async (code) => {
    await using endpoint = await startLocalHttp(() => ({ code, breaksOff: code === 0 }))
    const { forward, time } = forwarderTo(endpoint.url)
    forward.offer(offered('x'))
    const pauses: number[] = []
    for (let tries = 1; time.nowMs < GIVEN_UP_AFTER_MS; tries += 1) {
      await until(() => expect(time.nextMs()).toBeDefined())
      expect(endpoint.requests).toHaveLength(tries)
      pauses.push(time.nextMs() ?? 0)
      time.move(time.nextMs() ?? 0)
    }
    await until(() => expect(forward.state().lost.get('too-old')).toEqual({ requests: 1, records: 2 }))
    expect(pauses.slice(0, 8)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
    expect(forward.state()).toMatchObject({
      waiting: { requests: 0, bytes: 0 },
      failing: code === 0 ? 'ECONNRESET' : `answered ${code}`,
    })
  },
)

test('the endpoint says how long to wait, and one that came back gets all of it', async () => {
  let code = 503
  await using endpoint = await startLocalHttp(() => ({ code, headers: { 'retry-after': '30' } }))
  const { forward, time } = forwarderTo(endpoint.url)
  for (let i = 0; i < 20; i += 1) forward.offer(offered(`request ${i}`))
  // Eight were under way, and are one failure.
  await until(() => expect(endpoint.requests).toHaveLength(8))
  await until(() => expect(time.nextMs()).toBe(30_000))
  expect(forward.state().failing).toBe('answered 503')
  code = 200
  await until(() => {
    // An answer of before that is read only now is one more pause.
    time.move(time.nextMs() ?? 0)
    expect(forward.state().delivered.requests).toBe(20)
  })
  expect(new Set(endpoint.requests.slice(8).map(({ body }) => body)).size).toBe(20)
  expect(forward.state().failing).toBeUndefined()
})

test('what the endpoint refuses is lost at once, and holds up nothing', async () => {
  await using endpoint = await startLocalHttp(({ body }) => ({ code: body === 'bad' ? 400 : 200 }))
  const { forward } = forwarderTo(endpoint.url)
  for (const text of ['bad', 'good', 'bad', 'good']) forward.offer(offered(text))
  await until(() => expect(forward.state().delivered.requests).toBe(2))
  await until(() => expect(forward.state().lost.get('refused')).toEqual({ requests: 2, records: 4 }))
  expect(endpoint.requests).toHaveLength(4)
})

test('the queue is bounded by its bytes, and what finds no room is counted', async () => {
  const release = Promise.withResolvers<{ code: number }>()
  await using endpoint = await startLocalHttp(() => release.promise)
  const { forward } = forwarderTo(endpoint.url, { queueBytes: 100 })
  for (let i = 0; i < 15; i += 1) forward.offer(offered('0123456789'))
  expect(forward.state()).toMatchObject({ waiting: { requests: 10, bytes: 100 } })
  expect(forward.state().lost.get('queue-full')).toEqual({ requests: 5, records: 10 })
  release.resolve({ code: 200 })
  await until(() => expect(forward.state()).toMatchObject({ delivered: { requests: 10 }, waiting: { bytes: 0 } }))
})

test('large bodies arrive whole though their memory is used again', async () => {
  await using endpoint = await startLocalHttp(() => ({ code: 200 }))
  const { forward } = forwarderTo(endpoint.url)
  const body = Buffer.alloc(POOLED_FROM_BYTES + 70_000)
  for (let round = 1; round <= 5; round += 1) {
    for (let i = 0; i < 12; i += 1) {
      body.fill(round * 12 + i)
      forward.offer({ signal: 'traces', encoding: 'proto', body: body.subarray(i * 5_000), records: 1, hops: [] })
    }
    await until(() => expect(forward.state().delivered.requests).toBe(round * 12))
  }
  const got = endpoint.requests.map(({ bytes }) => [bytes.length, new Set(bytes)] as const)
  expect(got.every(([, values]) => values.size === 1)).toBe(true)
  expect(new Set(got.map(([, values]) => [...values][0])).size).toBe(60)
  expect(got.map(([length]) => length).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 60 }, (_, i) => body.length - (11 - Math.floor(i / 5)) * 5_000),
  )
  expect(forward.state().waiting).toEqual({ requests: 0, bytes: 0 })
})

test('what came through too many servers goes no further', async () => {
  await using endpoint = await startLocalHttp(() => ({ code: 200 }))
  const { forward } = forwarderTo(endpoint.url)
  forward.offer(
    offered(
      'x',
      Array.from({ length: MAX_HOPS }, () => 'b'.repeat(16)),
    ),
  )
  await forward[Symbol.asyncDispose]()
  expect(forward.state().lost.get('too-many-hops')).toEqual({ requests: 1, records: 2 })
  expect(endpoint.requests).toHaveLength(0)
})

test('the end tries once what waits, and no longer than its bound for an endpoint that hangs', async () => {
  let code = 503
  await using endpoint = await startLocalHttp(() => ({ code }))
  const drained = forwarderTo(endpoint.url)
  drained.forward.offer(offered('x'))
  await until(() => expect(drained.time.nextMs()).toBe(1_000))
  code = 200
  await drained.forward[Symbol.asyncDispose]()
  expect(drained.forward.state().delivered.requests).toBe(1)
  expect(drained.warnings).toEqual([])

  const never = Promise.withResolvers<{ code: number }>()
  await using hanging = await startLocalHttp(() => never.promise)
  const { forward, time, warnings } = forwarderTo(hanging.url)
  for (let i = 0; i < 12; i += 1) forward.offer(offered('x'))
  await until(() => expect(hanging.requests).toHaveLength(8))
  const ended = forward[Symbol.asyncDispose]()
  forward.offer(offered('late'))
  time.move(DRAIN_MS)
  await ended
  expect(forward.state().lost.get('ended')).toEqual({ requests: 13, records: 26 })
  expect(forward.state().waiting).toEqual({ requests: 0, bytes: 0 })
  expect(warnings).toEqual([{ requests: 13, records: 26 }])
  never.resolve({ code: 200 })
})

test('records that the endpoint took no part of are read from its answer, in both encodings', () => {
  expect(rejectedOf('json', Buffer.from('{"partialSuccess":{"rejectedSpans":"7"}}'))).toBe(7)
  expect(rejectedOf('json', Buffer.from('{"partialSuccess":{}}'))).toBe(0)
  expect(rejectedOf('proto', Buffer.from([0x0a, 0x03, 0x08, 0xac, 0x02]))).toBe(300)
  expect(rejectedOf('proto', Buffer.from([0x0a, 0x02, 0x12, 0x00]))).toBe(0)
  for (const bytes of [[], [0x0a], [0x0a, 0x80], [0x0a, 0x01, 0x08], Array.from({ length: 20 }, () => 0xff)])
    expect(rejectedOf('proto', Buffer.from(bytes))).toBe(0)
})

test('an address of its own listener is known, and a header of hops is read only where it is one', () => {
  for (const own of ['http://127.0.0.1:4318', 'http://localhost:4318/x', 'http://[::1]:4318', 'https://0.0.0.0:4318'])
    expect([own, isOwnListener(own, 4318)]).toEqual([own, true])
  for (const other of ['http://127.0.0.1:4319', 'https://collector.example:4318', 'https://10.0.0.1:4318'])
    expect([other, isOwnListener(other, 4318)]).toEqual([other, false])
  expect(parseHops(`${'a'.repeat(16)},${'b'.repeat(16)}`)).toEqual(['a'.repeat(16), 'b'.repeat(16)])
  for (const none of [undefined, '', 'a', `${'a'.repeat(16)},`, ['a'.repeat(16)]]) expect(parseHops(none)).toEqual([])
})
