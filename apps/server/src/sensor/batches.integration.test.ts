import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LOSS_PLACES } from '@holdfast/model'
import { LogReader } from '@holdfast/recorder'
import type { ServerProcess } from '@holdfast/testkit'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startServer } from '../testing/server-process.ts'
import { batchOf as batchOfSpeaker, SPEAKER } from './testing/batches.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-batches-'))
/** One for all tests, each of which is another start of the sensor to it; who ends it starts it again. */
let server: ServerProcess
beforeAll(async () => {
  server = await startServer(folder)
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

let speaker: { readonly sensor: string; readonly start: string } = SPEAKER
let tests = 0
/** Log position from which on everything is of this test. */
let from = 0
beforeEach(() => {
  tests += 1
  speaker = { ...SPEAKER, start: `c3d${tests}` }
  using reader = LogReader.open({ folder })
  from = reader.size()
})

/** Numbered by the test, so that no two tests send the same records. */
function batchOf(first: number, count: number): Buffer {
  return batchOfSpeaker(tests * 1_000 + first, count, speaker)
}

type Answer = { readonly status: number; readonly body: unknown }

function post(path: string, body: Buffer | string, query = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const url = `/sensor/v1/${path}?sensor=${speaker.sensor}&start=${speaker.start}${query}`
    const sent = request({ socketPath: join(folder, 'sensor.sock'), path: url, method: 'POST' }, (response) => {
      let text = ''
      response.on('data', (part: Buffer) => (text += part.toString()))
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as unknown }))
    })
    sent.once('error', reject)
    sent.end(body)
  })
}

const postBatch = (sequence: number, body: Buffer): Promise<Answer> => post('batches', body, `&sequence=${sequence}`)
const postReport = (more: object = {}): Promise<Answer> =>
  post('reports', JSON.stringify({ report: { ...REPORT, ...speaker, ...more }, watched: [] }))
const REPORT = { state: 'running', host: 'n', kernel: '6.1', bootId: 'b', programs: [], unseen: [] }

function stored(): number {
  using reader = LogReader.open({ folder })
  return [...reader.entries({ from })].filter(({ envelope }) => envelope.channel === 'sensor').length
}

function gaps(reason: string) {
  using reader = LogReader.open({ folder })
  return reader
    .controls('gap')
    .flatMap(({ index, record }) =>
      index >= from && record.kind === 'gap' && record.reason === reason ? [record] : [],
    )
}

test('a batch that comes again is answered and not stored again, whatever the server went through', async () => {
  expect((await postBatch(1, batchOf(1, 3))).body).toEqual({ acknowledged: 1, status: 'stored' })
  expect((await postBatch(1, batchOf(1, 3))).body).toEqual({ acknowledged: 1, status: 'known' })
  expect((await postBatch(2, batchOf(4, 2))).body).toEqual({ acknowledged: 2, status: 'stored' })
  for (let round = 0; round < 2; round += 1) {
    await server.kill()
    server = await startServer(folder)
    expect((await postBatch(2, batchOf(4, 2))).body).toEqual({ acknowledged: 2, status: 'known' })
  }
  expect((await postBatch(3, batchOf(6, 1))).body).toEqual({ acknowledged: 3, status: 'stored' })
  expect(stored()).toBe(6)
})

test('the same batch twice at once is stored once', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => postBatch(1, batchOf(1, 5))))
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200))
  expect(stored()).toBe(5)
})

test('a malformed batch is refused whole with the reason, and a gap says so', async () => {
  const answer = await postBatch(1, batchOf(1, 3).subarray(0, -5))
  expect(answer).toMatchObject({ status: 400, body: { detail: expect.stringContaining('is cut off') } })
  expect(stored()).toBe(0)
  await server.stop()
  server = await startServer(folder)
  expect(gaps('refused-malformed')).toMatchObject([{ channel: 'sensor', detail: expect.stringContaining('cut off') }])
})

test('a running count of losses becomes gaps that add up to it, over a killed server too', async () => {
  const lost = (open: number) =>
    JSON.stringify({ losses: [{ cgroup: '7', agentName: 'builder', place: 'kernel', byType: { open, exec: 1 } }] })
  expect((await post('lost', lost(1))).status).toBe(200)
  await postReport()
  await post('lost', lost(10))
  await post('lost', lost(10))
  await server.kill()
  server = await startServer(folder)
  await postReport()
  await post('lost', lost(10))
  await post('lost', lost(15))
  const records = gaps('lost-in-sensor').map((gap) => gap.records ?? 0)
  expect(records.reduce((sum, count) => sum + count, 0)).toBe(16)
  expect(gaps('lost-in-sensor').at(-1)?.detail).toContain('open 15, exec 1')
})

test('a gap says why records were lost: a slow server is not one that was away', async () => {
  await postReport()
  const loss = (place: string) => ({ cgroup: '7', agentName: 'builder', place, byType: { open: 1 } })
  expect((await post('lost', JSON.stringify({ losses: LOSS_PLACES.map(loss) }))).status).toBe(200)
  const told = gaps('lost-in-sensor').map(({ detail }) => detail.split(';')[0])
  expect(told).toEqual([
    expect.stringContaining('the driver was behind'),
    expect.stringContaining('answered, but more slowly'),
    expect.stringContaining('could not be reached'),
    expect.stringContaining('the disk of the spool took no more'),
    expect.stringContaining('could not be read again'),
    expect.stringContaining('the server refused'),
  ])
})

test('a start that has not reported itself is asked to, and what it then says is recorded once', async () => {
  expect((await post('results', JSON.stringify({ id: 'x', result: { ok: true } }))).status).toBe(409)
  await postReport()
  await postReport()
  await postReport({ unseen: ['capabilities'] })
  using reader = LogReader.open({ folder })
  expect(reader.controls('sensor-report').filter(({ index }) => index >= from).length).toBe(2)
})

test('nobody but the owner of the folder may reach the socket', () => {
  expect(statSync(join(folder, 'sensor.sock')).mode & 0o777).toBe(0o600)
})

// The last one: nothing is stored from here on.
test('without a capture policy nothing is stored', async () => {
  const answer = await fetch(`${server.ready.http}/api/v1/capture-policy`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${server.ready.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ policy: null }),
  })
  expect(answer.status).toBe(200)
  expect((await postBatch(1, batchOf(1, 3))).status).toBe(403)
  expect(stored()).toBe(0)
})
