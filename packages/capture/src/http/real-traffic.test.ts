import { Agent, createServer, request as httpRequest } from 'node:http'
import type { IncomingMessage, RequestListener } from 'node:http'
import { connect as http2Connect, createServer as createHttp2 } from 'node:http2'
import type { AddressInfo, Server } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { HttpExchange } from './exchange.ts'
import { exchangesOf, recut } from './testing/collect.ts'
import { startTap } from './testing/tap.ts'

/* Real clients and servers of Node over a relay that keeps their bytes. */

const long = Array.from({ length: 30_000 }, (_, index) => `line ${index} — ünïcode`).join('\n')

const answer: RequestListener = (request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString()
    if (request.url === '/events') {
      response.setHeader('content-type', 'text/event-stream')
      for (let i = 0; i < 20; i++) response.write(`data: {"n":${i}}\n\n`)
      response.end('data: [DONE]\n\n')
    } else if (request.url === '/zipped') {
      response.setHeader('content-encoding', 'gzip')
      response.end(gzipSync(long))
    } else response.end(`${request.method} ${body.length} ${body.slice(0, 20)}`)
  })
}

let plain: Server
let framed: Server

beforeAll(async () => {
  plain = createServer(answer)
  // The compatibility API gives the same listener the same meaning.
  framed = createHttp2(answer as unknown as Parameters<typeof createHttp2>[1])
  for (const server of [plain, framed]) await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
})

afterAll(() => {
  plain.close()
  framed.close()
})

test('node:http over one connection: lengths, chunks, events, compression', async () => {
  await using tap = await startTap(portOf(plain))
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  for (const [path, body] of [
    ['/a', 'short'],
    ['/b', long],
    ['/events', ''],
    ['/zipped', ''],
  ] as const)
    await send({ port: tap.port, path, body, agent })
  agent.destroy()
  const [fragments = []] = tap.connections
  expect(tap.connections).toHaveLength(1)
  for (const size of [1_000_000, 1_000, 13]) checkTalk(exchangesOf(recut(fragments, size)))
})

test('fetch (undici) is read too', async () => {
  await using tap = await startTap(portOf(plain))
  const response = await fetch(`http://127.0.0.1:${tap.port}/zipped`, { headers: { connection: 'close' } })
  expect(await response.text()).toBe(long)
  const [exchange] = tap.connections.flatMap((fragments) => exchangesOf(fragments))
  expect(exchange).toMatchObject({ missing: [], request: { method: 'GET', target: '/zipped' } })
  expect(exchange?.response?.body.data).toBe(long)
})

test('node:http2 over one connection: interleaved streams, HPACK with its table, large bodies', async () => {
  await using tap = await startTap(portOf(framed))
  const session = http2Connect(`http://127.0.0.1:${tap.port}`)
  const sent: readonly (readonly [string, string])[] = [
    ['/a', 'short'],
    ['/b', long],
    ['/events', ''],
    ['/zipped', ''],
  ]
  await Promise.all(
    sent.map(
      ([path, body]) =>
        new Promise<void>((done, fail) => {
          const stream = session.request({ ':method': 'POST', ':path': path, 'x-team': 'north', 'x-api-key': 's3cret' })
          stream.on('error', fail)
          stream.on('end', () => done())
          stream.resume()
          stream.end(body)
        }),
    ),
  )
  await new Promise<void>((done) => session.close(done))
  const [fragments = []] = tap.connections
  for (const size of [1_000_000, 1_000, 13]) {
    const seen = exchangesOf(recut(fragments, size))
    checkTalk(seen)
    for (const { protocol, request } of seen) {
      expect(protocol).toBe('h2')
      expect(request?.fields).toContainEqual(['x-team', 'north'])
      expect(request?.withheld).toEqual(['x-api-key'])
    }
  }
  // Whatever single piece is lost: what claims to be whole is what was sent, and the connection is read on.
  const pieces = recut(fragments, 1_000)
  const whole = new Set(exchangesOf(pieces).map(bodies))
  for (let lost = 0; lost < pieces.length; lost += 5) {
    const seen = exchangesOf(
      pieces.filter((_, index) => index !== lost),
      'kept',
    )
    for (const exchange of seen) if (exchange.missing.length === 0) expect(whole.has(bodies(exchange))).toBe(true)
    expect(seen.length).toBeGreaterThan(0)
  }
})

test('an HTTP/2 connection joined midway says which fields it cannot know', async () => {
  await using tap = await startTap(portOf(framed))
  const session = http2Connect(`http://127.0.0.1:${tap.port}`)
  const ask = async (): Promise<void> => {
    const stream = session.request({ ':method': 'POST', ':path': '/same-path', 'x-team': 'north' })
    stream.resume()
    stream.end('body text')
    await new Promise((done) => stream.on('end', done))
  }
  await ask()
  const [fragments = []] = tap.connections
  const before = fragments.length
  await ask()
  await new Promise<void>((done) => session.close(done))
  const midway = fragments.slice(before)
  const starts = [0, 1].map((direction) => midway.find((fragment) => fragment.direction === direction)?.offset ?? 0)
  const seen = exchangesOf(midway.map((one) => ({ ...one, offset: one.offset - (starts[one.direction] ?? 0) })))
  expect(seen).toHaveLength(1)
  expect(seen[0]).toMatchObject({ isMidway: true, request: { method: 'POST', body: { data: 'body text' } } })
  expect(seen[0]?.request?.fields.map(([name]) => name)).not.toContain('x-team')
  expect(seen[0]?.missing.some((text) => /request: \d fields are not known/.test(text))).toBe(true)
})

function bodies({ request, response }: HttpExchange): string {
  return JSON.stringify([request?.target, request?.body, response?.status, response?.body])
}

function checkTalk(seen: readonly HttpExchange[]): void {
  const told = new Map(seen.map((exchange) => [exchange.request?.target, exchange]))
  expect(new Set(told.keys())).toEqual(new Set(['/a', '/b', '/events', '/zipped']))
  for (const { missing } of seen) expect(missing).toEqual([])
  expect(told.get('/a')).toMatchObject({
    request: { body: { data: 'short' } },
    response: { body: { data: 'POST 5 short' } },
  })
  expect(told.get('/b')?.request?.body.data).toBe(long)
  expect(told.get('/events')?.response?.body.data).toMatch(/^data: \{"n":0\}\n\n.*data: \[DONE\]\n\n$/s)
  expect(told.get('/zipped')?.response?.body.data).toBe(long)
}

type Sending = {
  readonly port: number
  readonly path: string
  readonly body: string
  readonly agent: Agent
}

async function send({ port, path, body, agent }: Sending): Promise<void> {
  const response = await new Promise<IncomingMessage>((done, fail) => {
    const request = httpRequest({ port, host: '127.0.0.1', path, method: 'POST', agent }, done)
    request.on('error', fail)
    request.end(body)
  })
  for await (const _ of response);
}

function portOf(server: Server): number {
  // A listening TCP server has one.
  return (server.address() as AddressInfo).port
}
