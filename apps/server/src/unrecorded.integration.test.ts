import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Answer } from '@holdfast/api'
import { LogReader } from '@holdfast/recorder'
import type { ServerProcess } from '@holdfast/testkit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { recordedRequests } from './testing/recorded-requests.ts'
import { startServer } from './testing/server-process.ts'

const isRoot = process.getuid?.() === 0 && process.platform === 'linux'
const ADDED = { do: 'add', role: 'admin' }
const CONVERSATION = '/api/v1/conversations/conv-4711'

let disk = ''
let server: ServerProcess
beforeAll(async () => {
  if (!isRoot) return
  disk = mkdtempSync(join(tmpdir(), 'holdfast-full-'))
  expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', disk]).status).toBe(0)
  server = await startServer(join(disk, 'data'))
  for (const { body } of recordedRequests('otel-genai').filter(({ signal }) => signal === 'traces')) {
    const headers = { 'content-type': 'application/x-protobuf' }
    const { status } = await fetch(`${server.ready.otlpHttp}/v1/traces`, { method: 'POST', headers, body })
    expect(status).toBe(200)
  }
  await vi.waitFor(() => server.get(`${CONVERSATION}/graph`), { timeout: 120_000, interval: 100 })
}, 180_000)

afterAll(async () => {
  await server?.stop()
  if (disk === '') return
  spawnSync('umount', [disk])
  rmSync(disk, { recursive: true, force: true })
})

const ask = (method: string, path: string, body?: unknown) =>
  fetch(server.ready.http + path, {
    method,
    headers: {
      authorization: `Bearer ${server.ready.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })

/** Takes the last block of the disk, so that no record of anything fits. */
function fill(): void {
  for (let size = 1 << 20; size >= 1; size >>= 1) {
    try {
      for (;;) appendFileSync(join(disk, 'filler'), Buffer.alloc(size))
    } catch {
      // Smaller pieces, until not a byte goes in.
    }
  }
}

test.skipIf(!isRoot)(
  'FC3 what cannot be recorded is not done: no text is shown, exported or erased, and no policy changes (needs root)',
  async () => {
    const graph = await server.get<Answer<'getGraph'>>(`${CONVERSATION}/graph`)
    const { items: agents } = await server.get<Answer<'listAgents'>>('/api/v1/agents')
    const event = graph.nodes.find(({ trigger }) => trigger === true)?.events[0] ?? ''
    const read = () => ask('GET', `/api/v1/events/${event}/content/content`)
    const erase = { agent: agents[0]?.id, reason: 'asked to' }
    fill()
    const refused = [
      await read(),
      await ask('POST', `${CONVERSATION}/export`),
      await ask('POST', '/api/v1/erasures', erase),
      await ask('PUT', '/api/v1/capture-policy', { policy: null }),
      await ask('POST', '/api/v1/accounts/eve', { decision: ADDED, reason: 'asked to' }),
    ]
    expect(refused.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503])
    for (const one of refused) expect(await one.text()).not.toContain('order 4711')
    rmSync(join(disk, 'filler'))

    // Nothing of it happened: the text is there, the policy holds, and the log knows of no such act.
    await vi.waitFor(async () => expect((await read()).status).toBe(200), { timeout: 60_000, interval: 100 })
    expect((await server.get<Answer<'getPolicy'>>('/api/v1/capture-policy')).policy?.name).toBe('loopback')
    expect(JSON.stringify(await server.get('/api/v1/accounts'))).not.toContain('eve')
    using reader = LogReader.open({ folder: join(disk, 'data') })
    const acts = reader
      .controls('operator-action')
      .flatMap(({ record }) => (record.kind === 'operator-action' ? [record.action] : []))
    expect(acts).not.toContain('erase-content')
    expect(acts).not.toContain('export-evidence')
  },
)
