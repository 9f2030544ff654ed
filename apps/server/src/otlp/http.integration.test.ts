import { request as httpRequest } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { LogReader } from '@holdfast/recorder'
import { describe, expect, test } from 'vitest'
import { startOtlpHttp } from './http.ts'
import { POLICY, testSink, tracesJson, tracesProto } from './testing/with-recorder.ts'

type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string }

function post(
  port: number,
  path: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
  method = 'POST',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { port, host: '127.0.0.1', path, method, headers: { 'content-type': 'application/json', ...headers } },
      (response) => {
        text(response).then(
          (answer) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: answer }),
          reject,
        )
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}

/** Writes a body of 17 MiB to its end, reads only then, and gives what was answered. */
async function sendAll(port: number, framing: string): Promise<string> {
  const socket = connect(port, '127.0.0.1').pause()
  socket.write(`POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${framing}\r\n\r\n`)
  const chunk = Buffer.alloc(1024 * 1024, ' ')
  const isChunked = framing.endsWith('chunked')
  for (let i = 0; i < 17; i += 1) {
    const frame = isChunked ? Buffer.concat([Buffer.from('100000\r\n'), chunk, Buffer.from('\r\n')]) : chunk
    await new Promise<void>((resolve, reject) => {
      socket.write(frame, (error) => (error ? reject(error) : resolve()))
    })
  }
  socket.end(isChunked ? '0\r\n\r\n' : '')
  return await text(socket)
}

describe('OTLP over HTTP', () => {
  test('answers only after the log holds the spans, in the type that was sent', async () => {
    await using t = await testSink()
    await using listener = await startOtlpHttp({ host: '127.0.0.1', port: 0, sink: t.sink })
    const json = await post(listener.port, '/v1/traces', tracesJson(3), {
      'content-type': 'application/json; charset=utf-8',
    })
    expect(json).toMatchObject({ status: 200, body: '{}', headers: { 'content-type': 'application/json' } })
    const proto = await post(listener.port, '/v1/traces', tracesProto(), { 'content-type': 'application/x-protobuf' })
    expect(proto).toMatchObject({ status: 200, body: '', headers: { 'content-type': 'application/x-protobuf' } })
    using reader = LogReader.open({ folder: t.folder })
    const entries = [...reader.entries({ from: 0 })].filter(({ envelope }) => envelope.channel === 'otlp')
    expect(entries.map(({ envelope }) => [envelope.instance, envelope.encoding, envelope.credential])).toEqual([
      ...Array.from({ length: 3 }, () => [`http:${listener.port}`, 'otlp-span-json', 'loopback']),
      [`http:${listener.port}`, 'otlp-span-proto', 'loopback'],
    ])
    expect(listener.counts).toMatchObject({ requests: 2, stored: 4, refused: 0 })
  })

  test('tells a sender that reads no answer before all is sent why it refused', async () => {
    await using t = await testSink()
    await using listener = await startOtlpHttp({ host: '127.0.0.1', port: 0, sink: t.sink })
    for (const framing of [`content-length: ${17 * 1024 * 1024}`, 'transfer-encoding: chunked']) {
      expect(await sendAll(listener.port, framing)).toMatch(
        /^HTTP\/1\.1 413 [^]*the body is larger than 16777216 bytes/,
      )
    }
    expect(t.refusals.map(({ reason }) => reason)).toEqual(['refused-oversized', 'refused-oversized'])
  })

  test('waits with its answer for the append', async () => {
    const order: string[] = []
    const gate = Promise.withResolvers<void>()
    await using t = await testSink({
      append: async () => {
        await gate.promise
        order.push('durable')
        return { stored: 1, duplicates: 0 }
      },
    })
    await using listener = await startOtlpHttp({ host: '127.0.0.1', port: 0, sink: t.sink })
    const answer = post(listener.port, '/v1/traces', tracesJson(1)).then(() => order.push('answered'))
    await expect.poll(() => listener.counts.requests).toBe(1)
    gate.resolve()
    await answer
    expect(order).toEqual(['durable', 'answered'])
  })

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['zstd', zstdCompressSync],
  ] as const)('inflates %s', async (coding, compress) => {
    await using t = await testSink()
    await using listener = await startOtlpHttp({ host: '127.0.0.1', port: 0, sink: t.sink })
    const answer = await post(listener.port, '/v1/traces', compress(Buffer.from(tracesJson(5))), {
      'content-encoding': coding,
    })
    expect(answer.status).toBe(200)
    expect(listener.counts.stored).toBe(5)
  })

  test.each([
    ['gzip', gzipSync(Buffer.alloc(70 * 1024 * 1024))],
    ['deflate', deflateSync(Buffer.alloc(70 * 1024 * 1024))],
    ['zstd', zstdCompressSync(Buffer.alloc(70 * 1024 * 1024))],
  ] as const)('gives a %s bomb up at its bound and counts the sender', async (coding, bomb) => {
    await using t = await testSink()
    await using listener = await startOtlpHttp({ host: '127.0.0.1', port: 0, sink: t.sink })
    const bombs = await Promise.all(
      Array.from({ length: 3 }, () => post(listener.port, '/v1/traces', bomb, { 'content-encoding': coding })),
    )
    for (const { status } of bombs) expect([413, 429]).toContain(status)
    expect(t.refusals[0]).toMatchObject({ sender: '127.0.0.1', channel: 'otlp' })
    const good = await post(listener.port, '/v1/traces', tracesJson(1))
    expect(good.status).toBe(200)
  })

  test('says how many records were rejected and why, and counts them', async () => {
    await using t = await testSink()
    await using listener = await startOtlpHttp({ host: '127.0.0.1', port: 0, sink: t.sink })
    const body = tracesJson(2).replace('"0af7651916cd43dd8448eb211c80319c"', '"short"')
    const answer = await post(listener.port, '/v1/traces', body)
    expect(JSON.parse(answer.body)).toEqual({
      partialSuccess: { rejectedSpans: '1', errorMessage: '1 rejected: the trace id is not 16 bytes' },
    })
    expect(t.refusals).toMatchObject([{ reason: 'refused-rejected-records', records: 1, sender: '127.0.0.1' }])
  })

  test.each([
    ['malformed JSON', '/v1/traces', '{', {}, 'POST', 400],
    ['malformed protobuf', '/v1/logs', '\u000a\u00ff', { 'content-type': 'application/x-protobuf' }, 'POST', 400],
    ['__proto__ nested 100,000 deep', '/v1/traces', '{"__proto__":'.repeat(100_000), {}, 'POST', 400],
    ['what is not the encoding it claims', '/v1/traces', 'plain', { 'content-encoding': 'gzip' }, 'POST', 400],
    ['an unknown coding', '/v1/traces', '{}', { 'content-encoding': 'br' }, 'POST', 415],
    ['an unknown type', '/v1/traces', '{}', { 'content-type': 'text/plain' }, 'POST', 415],
    ['a page of a browser', '/v1/traces', '{}', { origin: 'http://evil.example.test:4318' }, 'POST', 401],
    ['an unknown path', '/v1/profiles', '{}', {}, 'POST', 404],
    ['another method', '/v1/traces', '', {}, 'GET', 405],
  ])('refuses %s with a status that says so', async (_, path, body, headers, method, status) => {
    await using t = await testSink()
    await using listener = await startOtlpHttp({ host: '127.0.0.1', port: 0, sink: t.sink })
    const answer = await post(listener.port, path, body, headers, method)
    expect(answer.status).toBe(status)
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    expect(listener.counts).toMatchObject({ refused: 1, stored: 0 })
    expect((await post(listener.port, '/v1/traces', tracesJson(1))).status).toBe(200)
  })

  test('stores nothing without a capture policy and says so (FC15)', async () => {
    await using t = await testSink({ policy: () => undefined })
    await using listener = await startOtlpHttp({ host: '127.0.0.1', port: 0, sink: t.sink })
    const before = t.recorder.size
    expect((await post(listener.port, '/v1/traces', tracesJson(1))).status).toBe(403)
    expect(t.recorder.size).toBe(before)
    expect(t.refusals).toMatchObject([{ reason: 'refused-no-policy' }])
  })

  test('takes nothing under a policy that suppresses content, and nothing without a key under one that wants keys', async () => {
    for (const policy of [
      { ...POLICY, content: 'suppressed' },
      { ...POLICY, senders: 'authenticated' },
    ] as const) {
      await using t = await testSink({ policy: () => policy })
      await using listener = await startOtlpHttp({ host: '127.0.0.1', port: 0, sink: t.sink })
      expect((await post(listener.port, '/v1/traces', tracesJson(1))).status).toBe(403)
    }
  })

  test('asks for patience when the log is behind, and counts what was refused (FC4)', async () => {
    await using t = await testSink({
      append: () => Promise.reject(Object.assign(new Error('the queue is full'), { code: 'overloaded' })),
    })
    await using listener = await startOtlpHttp({ host: '127.0.0.1', port: 0, sink: t.sink })
    const answer = await post(listener.port, '/v1/traces', tracesJson(4))
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' } })
    expect(JSON.parse(answer.body)).toEqual({ code: 8, message: 'the queue is full' })
    expect(t.refusals).toMatchObject([{ reason: 'refused-overload', records: 4 }])
  })

  test('keeps a flooding agent from its neighbour: only the flood is refused', async () => {
    const gate = Promise.withResolvers<void>()
    await using t = await testSink({
      append: async (groups) => {
        if (groups[0]?.envelope.agentName === 'desk') await gate.promise
        return { stored: 1, duplicates: 0 }
      },
    })
    await using listener = await startOtlpHttp({ host: '127.0.0.1', port: 0, sink: t.sink })
    const proto = { 'content-type': 'application/x-protobuf' }
    const large = tracesProto({ blob: 'y'.repeat(15_000_000) })
    const flood = Array.from({ length: 6 }, () => post(listener.port, '/v1/traces', large, proto))
    await expect.poll(() => listener.counts.refused, { timeout: 90_000 }).toBeGreaterThan(0)
    const neighbour = await post(listener.port, '/v1/traces', tracesProto({ service: 'neighbour' }), proto)
    expect(neighbour.status).toBe(200)
    gate.resolve()
    const statuses = (await Promise.all(flood)).map(({ status }) => status)
    expect(statuses).toContain(429)
    expect(statuses).toContain(200)
  })

  test('ends an endless chunked body at its bound', async () => {
    await using t = await testSink()
    await using listener = await startOtlpHttp({ host: '127.0.0.1', port: 0, sink: t.sink })
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(listener.port, '127.0.0.1')
      let heard = ''
      const chunk = `100000\r\n${'x'.repeat(0x100000)}\r\n`
      const send = (): void => void (socket.writable && socket.write(chunk, () => setImmediate(send)))
      socket.on('data', (data) => (heard += data.toString()))
      // The listener closes while the flood goes on: a reset is how that may look from here.
      socket.on('error', () => resolve(heard))
      socket.on('close', () => resolve(heard))
      socket.on('connect', () => {
        socket.write(
          'POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
        )
        send()
      })
      setTimeout(() => reject(new Error('the listener went on reading')), 20_000).unref()
    })
    expect(answer === '' || answer.startsWith('HTTP/1.1 413')).toBe(true)
    expect(t.refusals).toMatchObject([{ reason: 'refused-oversized', sender: '127.0.0.1' }])
    expect((await post(listener.port, '/v1/traces', tracesJson(1))).status).toBe(200)
  })

  test('stays open to working senders while one address holds hundreds of idle sockets', async () => {
    await using t = await testSink()
    await using listener = await startOtlpHttp({ host: '127.0.0.1', port: 0, sink: t.sink })
    const sockets = await Promise.all(
      Array.from(
        { length: 300 },
        () =>
          new Promise<ReturnType<typeof connect>>((resolve) => {
            const socket = connect(listener.port, '127.0.0.1', () => resolve(socket))
            // Those that made room for others are cut off.
            socket.on('error', () => undefined)
          }),
      ),
    )
    expect((await post(listener.port, '/v1/traces', tracesJson(1))).status).toBe(200)
    expect(t.refusals.length).toBeGreaterThanOrEqual(300 - 256)
    for (const socket of sockets) socket.destroy()
  })

  test('accepts metrics, counts their data points and stores nothing', async () => {
    await using t = await testSink()
    await using listener = await startOtlpHttp({ host: '127.0.0.1', port: 0, sink: t.sink })
    const metrics = { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ gauge: { dataPoints: [{}, {}] } }] }] }] }
    expect((await post(listener.port, '/v1/metrics', JSON.stringify(metrics))).status).toBe(200)
    expect(listener.counts).toMatchObject({ dataPoints: 2, stored: 0 })
  })

  test('stores no Authorization value that a span carries', async () => {
    await using t = await testSink()
    await using listener = await startOtlpHttp({ host: '127.0.0.1', port: 0, sink: t.sink })
    const attributes = [{ key: 'http.request.header.authorization', value: { stringValue: 'Bearer verysecretvalue' } }]
    await post(listener.port, '/v1/traces', tracesJson(1, attributes))
    using reader = LogReader.open({ folder: t.folder })
    const bodies = [...reader.entries({ from: 0 })].map(({ body }) => Buffer.from(body ?? []).toString())
    expect(bodies.some((body) => body.includes('[masked:'))).toBe(true)
    expect(bodies.every((body) => !body.includes('verysecretvalue'))).toBe(true)
    expect(listener.counts.masked).toBe(1)
  })

  test('rejects with the code of a taken port', async () => {
    await using t = await testSink()
    await using listener = await startOtlpHttp({ host: '127.0.0.1', port: 0, sink: t.sink })
    await expect(startOtlpHttp({ host: '127.0.0.1', port: listener.port, sink: t.sink })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    })
  })
})
