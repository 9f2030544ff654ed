import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:http2'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Answer } from '@holdfast/api'
import { LogReader } from '@holdfast/recorder'
import { type ServerProcess, startLocalHttp } from '@holdfast/testkit'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { tracesJson, tracesProto } from '../otlp/testing/with-recorder.ts'
import { startServer } from '../testing/server-process.ts'

const CANARY = 'sk-proj-Zq8vN3kLx0aTb7YcR2mWdE5hJ1uGfPoI9sXeV4nB6tKyHgMl'
const TOKEN = 'collector-token-7f3a'

let folder = ''
const servers: ServerProcess[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-forward-'))
})
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.kill()))
  rmSync(folder, { recursive: true, force: true })
})

async function start(flags: readonly string[], name = 'data'): Promise<ServerProcess> {
  const server = await startServer(join(folder, name), { flags })
  servers.push(server)
  return server
}

async function until(check: () => Promise<void> | void): Promise<void> {
  await vi.waitFor(check, { timeout: 60_000, interval: 20 })
}

function post(server: ServerProcess, path: string, body: string | Buffer, headers: Record<string, string> = {}) {
  return fetch(`${server.ready.otlpHttp}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  })
}

/** Of what is kept for a while the doctor is: it is asked once all has come to pass. */
async function checkOf(server: ServerProcess) {
  const { checks } = await server.get<Answer<'doctor'>>('/api/v1/doctor')
  return checks.find(({ id }) => id === 'forward-otlp')
}

/** One gRPC call with one message; resolves with its status. */
async function call(address: string, message: Buffer): Promise<string> {
  const session = connect(address)
  const stream = session.request({
    ':method': 'POST',
    ':path': '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
    'content-type': 'application/grpc',
    te: 'trailers',
  })
  const status = Promise.withResolvers<string>()
  stream.on('trailers', (trailers) => status.resolve(String(trailers['grpc-status'])))
  stream.on('error', status.reject)
  stream.resume()
  const prefix = Buffer.alloc(5)
  prefix.writeUInt32BE(message.length, 1)
  stream.end(Buffer.concat([prefix, message]))
  const said = await status.promise
  session.close()
  return said
}

async function metricsOf(server: ServerProcess): Promise<string> {
  const headers = { authorization: `Bearer ${server.ready.token}` }
  return (await fetch(`${server.ready.http}/metrics`, { headers })).text()
}

test('what is accepted over HTTP and gRPC arrives there as it came, credentials masked, under the headers of a file', async () => {
  await using endpoint = await startLocalHttp(() => ({ code: 200 }))
  const headers = join(folder, 'headers')
  writeFileSync(headers, `Authorization: Bearer ${TOKEN}\n`)
  const server = await start(['--forward-otlp', `${endpoint.url}/otlp`, '--forward-otlp-headers', headers])
  const json = tracesJson(3)
  const proto = tracesProto({ id: 9 })
  const grpc = tracesProto({ id: 8 })
  const secret = tracesJson(1, [{ key: 'note', value: { stringValue: `the key is ${CANARY}` } }])
  const metrics = `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"a","gauge":{"dataPoints":[{"asInt":"1","attributes":[{"key":"k","value":{"stringValue":"${CANARY}"}}]}]}}]}]}]}`
  expect((await post(server, '/v1/traces', json)).status).toBe(200)
  expect(
    await post(server, '/v1/traces', gzipSync(proto), {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'gzip',
    }),
  ).toMatchObject({ status: 200 })
  expect(await call(server.ready.otlpGrpc, grpc)).toBe('0')
  expect((await post(server, '/v1/traces', secret)).status).toBe(200)
  expect((await post(server, '/v1/metrics', metrics)).status).toBe(200)
  // Neither a retry nor what was not recorded goes on.
  expect((await post(server, '/v1/traces', json)).status).toBe(200)
  expect((await post(server, '/v1/traces', 'no json')).status).toBe(400)
  expect((await post(server, '/v1/traces', tracesJson(2).replace('0af7', 'xxxx'))).status).toBe(200)
  await until(async () => expect(await metricsOf(server)).toContain('\nholdfast_forward_requests_total 5\n'))
  expect((await checkOf(server))?.detail).toContain('5 requests passed on, 0 waiting')
  const got = endpoint.requests.map(({ bytes }) => bytes)
  for (const body of [Buffer.from(json), proto, grpc]) expect(got.some((one) => one.equals(body))).toBe(true)
  expect(got.map((bytes) => bytes.length).toSorted((a, b) => a - b)).toEqual(
    [json, proto, grpc, secret, metrics].map((body) => Buffer.from(body).length).toSorted((a, b) => a - b),
  )
  expect(got.filter((bytes) => bytes.includes('[masked:'))).toHaveLength(2)
  expect(got.filter((bytes) => bytes.includes(CANARY))).toEqual([])
  expect(endpoint.requests.map(({ url }) => url.pathname).toSorted()).toEqual([
    '/otlp/v1/metrics',
    ...Array.from({ length: 4 }, () => '/otlp/v1/traces'),
  ])
  expect(new Set(endpoint.requests.map(({ headers: { authorization } }) => authorization))).toEqual(
    new Set([`Bearer ${TOKEN}`]),
  )
  const page = await metricsOf(server)
  expect(page).toContain('\nholdfast_forward_requests_total 5\n')
  expect(page).toContain('\nholdfast_forward_lost_requests_total{reason="queue-full"} 0\n')
  expect(page).not.toContain(TOKEN)
  // From when on telemetry left, and where to, is on record, and the token is in no file of the folder's log.
  using reader = LogReader.open({ folder: join(folder, 'data') })
  const [started] = reader.controls('server').map(({ record }) => record)
  expect(started).toMatchObject({
    action: 'started',
    detail: expect.stringContaining(`passes OTLP on to ${endpoint.url}`),
  })
  expect(JSON.stringify(started)).not.toContain('/otlp')
})

test('an endpoint that fails holds nobody up, is named by the doctor, and gets what waited; the end waits for it', async () => {
  let code = 503
  await using endpoint = await startLocalHttp(() => ({ code, headers: { 'retry-after': '600' } }))
  const server = await start(['--forward-otlp', endpoint.url])
  for (let id = 1; id <= 20; id += 1) {
    const answer = await post(server, '/v1/traces', tracesProto({ id }), { 'content-type': 'application/x-protobuf' })
    expect(answer.status).toBe(200)
  }
  await until(async () => expect(await metricsOf(server)).toContain('\nholdfast_forward_failing 1\n'))
  expect(await checkOf(server)).toMatchObject({
    status: 'FAIL',
    group: 'forwarding',
    detail: '0 requests passed on, 20 waiting; the newest try: answered 503',
  })
  code = 200
  const before = endpoint.requests.length
  expect(await server.stop()).toBe(0)
  expect(new Set(endpoint.requests.slice(before).map(({ bytes }) => bytes.toString('hex'))).size).toBe(20)
})

test('what comes back is refused and recorded once, and an address of its own ends the start', async () => {
  const path = Promise.withResolvers<string>()
  const answers: number[] = []
  /** Stands between the two, because neither can name the other before that listens. */
  await using between = await startLocalHttp(async ({ bytes, url, headers }) => {
    const { 'content-type': type = '', 'holdfast-forwarded-by': hops = '' } = headers
    const answer = await fetch(`${await path.promise}${url.pathname}`, {
      method: 'POST',
      headers: { 'content-type': type, 'holdfast-forwarded-by': String(hops) },
      body: new Uint8Array(bytes),
    })
    answers.push(answer.status)
    return { code: answer.status }
  })
  const first = await start(['--forward-otlp', between.url])
  const second = await start(['--forward-otlp', first.ready.otlpHttp], 'second')
  path.resolve(second.ready.otlpHttp)
  expect((await post(first, '/v1/traces', tracesJson(2))).status).toBe(200)
  expect((await post(first, '/v1/metrics', '{"resourceMetrics":[]}')).status).toBe(200)
  const refused = '\nholdfast_forward_lost_requests_total{reason="refused"} 2\n'
  await until(async () => expect(await metricsOf(second)).toContain(refused))
  expect(await checkOf(second)).toMatchObject({
    status: 'FAIL',
    detail: expect.stringContaining('2 requests of 2 records lost: refused; the newest try: answered 508'),
    remedy: expect.stringContaining('leads back to this server'),
  })
  expect(answers).toEqual([200, 200])
  using reader = LogReader.open({ folder: join(folder, 'data') })
  expect([...reader.entries({ from: 0 })].filter(({ envelope }) => envelope.channel === 'otlp')).toHaveLength(2)

  const port = new URL(first.ready.otlpHttp).port
  await first.stop()
  const looped = startServer(join(folder, 'data'), {
    flags: ['--otlp-http-port', port, '--forward-otlp', `http://localhost:${port}`],
  })
  await expect(looped).rejects.toThrow(`names this server's own port ${port}`)
})
