import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeProxyBatch, McpObserver, type ProxyHeader } from '@holdfast/capture'
import { LogReader } from '@holdfast/recorder'
import type { ServerProcess } from '@holdfast/testkit'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { startServer } from '../testing/server-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-proxies-'))
/** One for all tests, to which each is another run of a proxy; who ends it starts it again. */
let server: ServerProcess
beforeAll(async () => {
  server = await startServer(folder)
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

let start = ''
let tests = 0
/** Log position from which on everything is of this test. */
let from = 0
beforeEach(() => {
  tests += 1
  start = `a1b2c3d4e5f6071${tests}`
  using reader = LogReader.open({ folder })
  from = reader.size()
})

/** `first` is the number of its first call: no two messages of a run are the same. */
function batch(calls: number, { lost, first = 0 }: { readonly lost?: number; readonly first?: number } = {}): Buffer {
  const observer = new McpObserver({ run: start, transport: 'stdio', target: 't' })
  const entries = Array.from({ length: calls }, (_, i) => {
    const id = first + i
    const message = { jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'look_up' } }
    return observer.observe({ direction: 'to-server', bytes: Buffer.from(JSON.stringify(message)), at: 1_795_000_000n })
  })
  const header: ProxyHeader = {
    source: { kind: 'mcp-proxy', start, attributes: { 'service.name': 'desk' }, pid: '1', target: 't' },
    ...(lost === undefined ? {} : { lost: { records: lost, since: '2026-11-21T08:00:00.000Z' } }),
  }
  return encodeProxyBatch(header, entries)
}

async function post(
  sequence: number,
  body: Buffer,
  token?: string,
): Promise<{ readonly status: number; readonly body: unknown }> {
  // The server's own file (data-folder documentation).
  const known = JSON.parse(readFileSync(join(folder, 'server.json'), 'utf8')) as {
    readonly http: string
    readonly token: string
  }
  const response = await fetch(`${known.http}/api/v1/proxies/mcp-proxy/batches?start=${start}&sequence=${sequence}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', authorization: `Bearer ${token ?? known.token}` },
    body: Uint8Array.from(body),
  })
  return { status: response.status, body: await response.json() }
}

function stored(): number {
  using reader = LogReader.open({ folder })
  return [...reader.entries({ from })].filter(({ envelope }) => envelope.channel === 'mcp-proxy').length
}

function lost(): readonly (number | undefined)[] {
  using reader = LogReader.open({ folder })
  return reader
    .controls('gap')
    .flatMap(({ index, record }) =>
      index >= from && record.kind === 'gap' && record.reason === 'lost-in-proxy' ? [record.records] : [],
    )
}

test('a batch that comes again is answered and not stored again, after a kill too', async () => {
  expect((await post(1, batch(3))).body).toEqual({ acknowledged: 1, status: 'stored' })
  expect((await post(1, batch(3))).body).toEqual({ acknowledged: 1, status: 'known' })
  await server.kill()
  server = await startServer(folder)
  expect((await post(1, batch(3))).body).toEqual({ acknowledged: 1, status: 'known' })
  expect((await post(2, batch(1, { first: 3 }))).body).toEqual({ acknowledged: 2, status: 'stored' })
  expect(stored()).toBe(4)
})

test('a running count of losses becomes gaps that add up to it, over a killed server too', async () => {
  await post(1, batch(1, { lost: 2 }))
  await post(1, batch(1, { lost: 2 }))
  await post(2, batch(0, { lost: 5 }))
  await server.kill()
  server = await startServer(folder)
  await post(3, batch(1, { lost: 6, first: 1 }))
  expect(lost()).toEqual([2, 3, 1])
})

test('nothing is taken without the token, nor what is no batch', async () => {
  expect((await post(1, batch(1), 'wrong')).status).toBe(401)
  expect((await post(1, Buffer.from('{}'))).status).toBe(400)
  expect(stored()).toBe(0)
})

test('what a proxy that has ended left in the folder is taken in, once', async () => {
  const left = join(folder, 'proxy-spool', `mcp-proxy.${start}.999999999`)
  mkdirSync(left, { recursive: true })
  writeFileSync(join(left, '000000000001.batch'), batch(2))
  writeFileSync(join(left, '000000000002.batch'), 'no batch')
  writeFileSync(join(left, '000000000003.batch'), batch(1, { first: 2 }))
  await vi.waitFor(() => expect(stored()).toBe(3), { timeout: 30_000, interval: 200 })
  expect((await post(3, batch(1, { first: 2 }))).body).toMatchObject({ status: 'known' })
})
