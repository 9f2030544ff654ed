import { mkdtempSync, rmSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LogReader } from '@holdfast/recorder'
import { enrol, type Identity, ServerClient } from '@holdfast/sensor/testing'
import type { ServerProcess } from '@holdfast/testkit'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startServer } from '../testing/server-process.ts'
import { batchOf } from './testing/batches.ts'

const START = '00112233445566aa'

let folder = ''
let server: ServerProcess
let url = ''
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-remote-'))
  await start('127.0.0.1:0')
})
afterEach(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function start(at: string): Promise<void> {
  server = await startServer(folder, { flags: ['--sensor-listen', at] })
  url = server.ready.sensors ?? ''
}

async function makeToken(): Promise<string> {
  return (await server.post<{ readonly token: string }>('/api/v1/sensor-tokens', {})).token
}

function clientOf(identity: Identity, sensor = identity.sensor): ServerClient {
  return new ServerClient({ server: { kind: 'remote', url, identity }, sensor })
}

async function report(client: ServerClient, sensor: string) {
  const said = { sensor, start: START, state: 'running', host: sensor.slice(0, 8), kernel: '6.1', bootId: 'b' }
  return await client.postJson('/sensor/v1/reports', START, {
    report: { ...said, programs: [], unseen: [] },
    watched: [],
  })
}

function postBatch(identity: Identity, sequence: number) {
  return clientOf(identity).postBatch(START, sequence, batchOf(1, 3, { sensor: identity.sensor, start: START }))
}

/** The next line of the stream that is no beat. */
function nextCommand(stream: IncomingMessage): Promise<{ readonly id: string; readonly command: object }> {
  return new Promise((resolve) => {
    let text = ''
    stream.on('error', () => undefined)
    stream.on('data', (part: Buffer) => {
      text = (text + part.toString()).trimStart()
      if (text.endsWith('\n')) resolve(JSON.parse(text) as { readonly id: string; readonly command: object })
    })
  })
}

/** Records stored, by the sensor that sent them. */
function stored(): Readonly<Record<string, number>> {
  using reader = LogReader.open({ folder })
  const counts: Record<string, number> = {}
  for (const { envelope } of reader.entries({ from: 0 }))
    if (envelope.channel === 'sensor') counts[envelope.credential] = (counts[envelope.credential] ?? 0) + 1
  return counts
}

test('two sensors of other hosts each deliver under their own name, once, and take commands', async () => {
  const [a, b] = [await enrol(url, await makeToken()), await enrol(url, await makeToken())]
  expect(a.sensor).not.toBe(b.sensor)
  for (const identity of [a, b]) {
    expect((await report(clientOf(identity), identity.sensor)).status).toBe('done')
    expect(await postBatch(identity, 1)).toMatchObject({
      status: 'done',
      answer: { acknowledged: 1, status: 'stored' },
    })
    expect(await postBatch(identity, 1)).toMatchObject({ answer: { acknowledged: 1, status: 'known' } })
  }
  expect(stored()).toEqual({ [`sensor:${a.sensor}`]: 3, [`sensor:${b.sensor}`]: 3 })

  const abort = new AbortController()
  const stream = await clientOf(b).commands(START, abort.signal)
  const asked = server.post<{ readonly cgroup: string }>(`/api/v1/sensors/${b.sensor}/watch`, {
    path: 'x',
    service: 's',
  })
  const { id, command } = await nextCommand(stream)
  expect(command).toMatchObject({ do: 'watch', path: 'x' })
  const result = { ok: true, detail: { cgroup: '7', agent: 'host:n/s' } }
  await clientOf(b).postJson('/sensor/v1/results', START, { id, result })
  expect(await asked).toMatchObject({ cgroup: '7' })
  abort.abort()
})

test('a sensor cannot speak as another, and who has no certificate of ours cannot speak at all', async () => {
  const [a, b] = [await enrol(url, await makeToken()), await enrol(url, await makeToken())]
  await report(clientOf(b), b.sensor)
  expect(await report(clientOf(a, b.sensor), b.sensor)).toMatchObject({
    status: 'refused',
    detail: expect.stringContaining('of another sensor'),
  })
  const claimed = batchOf(1, 3, { sensor: b.sensor, start: START })
  expect((await clientOf(a, b.sensor).postBatch(START, 1, claimed)).status).toBe('refused')
  // Under its own name, but with a source that names the other.
  await report(clientOf(a), a.sensor)
  expect((await clientOf(a).postBatch(START, 1, claimed)).status).toBe('refused')
  const anonymous = await statusWithout(`${url}/sensor/v1/batches?sensor=${b.sensor}&start=${START}&sequence=1`, b)
  expect(anonymous).toBe(401)
  expect(stored()).toEqual({})
})

test('a token enrols one sensor, and the server that did not make it is told nothing', async () => {
  const token = await makeToken()
  await enrol(url, token)
  await expect(enrol(url, token)).rejects.toThrow(/was used/)
  const other = mkdtempSync(join(tmpdir(), 'holdfast-remote-'))
  const impostor = await startServer(other, { flags: ['--sensor-listen', '127.0.0.1:0'] })
  try {
    await expect(enrol(impostor.ready.sensors ?? '', await makeToken())).rejects.toThrow(/is not the server/)
  } finally {
    await impostor.stop()
    rmSync(other, { recursive: true, force: true })
  }
})

test('a revoked sensor is refused on what it has open too, by the next server as well; others go on', async () => {
  const [a, b] = [await enrol(url, await makeToken()), await enrol(url, await makeToken())]
  for (const identity of [a, b]) await report(clientOf(identity), identity.sensor)
  const stream = await clientOf(a).commands(START, new AbortController().signal)
  // It ends by an error: the connection is cut.
  const cut = new Promise((resolve) => stream.on('error', () => undefined).once('close', resolve))
  stream.resume()
  await server.post(`/api/v1/sensors/${a.sensor}/revoke`, {})
  await cut
  expect(await postBatch(a, 1)).toMatchObject({ status: 'away', detail: expect.stringContaining('revoked') })
  expect((await postBatch(b, 1)).status).toBe('done')

  await server.kill()
  await start(`127.0.0.1:${new URL(url).port}`)
  expect((await postBatch(a, 1)).status).toBe('away')
  expect(await postBatch(b, 1)).toMatchObject({ answer: { status: 'known' } })
  expect(stored()).toEqual({ [`sensor:${b.sensor}`]: 3 })
  using reader = LogReader.open({ folder })
  const actions = reader
    .controls('operator-action')
    .flatMap(({ record }) => (record.kind === 'operator-action' ? [record.action] : []))
  expect(actions).toEqual(expect.arrayContaining(['make-sensor-token', 'enrol-sensor', 'revoke-sensor']))
})

/** Status of a request that shows no certificate. */
async function statusWithout(path: string, { authority }: Identity): Promise<number> {
  return await new Promise((resolve, reject) => {
    const sent = request(path, { ca: authority, servername: 'holdfast-server', method: 'POST' }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    sent.once('error', reject)
    sent.end('x')
  })
}
