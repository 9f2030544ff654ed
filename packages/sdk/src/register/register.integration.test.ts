import { execFile } from 'node:child_process'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { expect, test } from 'vitest'

const REGISTER = fileURLToPath(new URL('index.ts', import.meta.url))

type Report = { readonly span: string; readonly attributes: Readonly<Record<string, string>>; readonly local: number }
type Seen = {
  readonly requests: readonly { path: string; port: number }[]
  readonly reports: readonly Report[]
  /** What it told of what it has loaded, a record each. */
  readonly loaded: readonly Readonly<Record<string, string>>[]
}

/**
 * Runs an agent's code with the module loaded before it, against a receiver that is also the site it asks. There `/told` is answered once
 * the receiver knows packages that it has loaded, and `/reported` once it knows a socket: the code waits for these and not for a time.
 */
async function runAgent(code: string, endpoint?: string): Promise<Seen & { readonly output: string }> {
  const requests: { path: string; port: number }[] = []
  const reports: Report[] = []
  const loaded: Readonly<Record<string, string>>[] = []
  const answeredOnce = new Map([
    ['/told', () => loaded.some((told) => told['holdfast.loaded.packages'] !== undefined)],
    ['/reported', () => reports.length > 0],
  ])
  const waiting = new Map<ServerResponse, () => boolean>()
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? '', port: request.socket.remotePort ?? 0 })
    void text(request).then((body) => {
      if (request.url === '/v1/logs') {
        for (const { name, span, told } of reportsIn(body)) {
          if (name === 'holdfast.loaded') loaded.push(told)
          else reports.push({ span, attributes: told, local: Number(told['network.local.port']) })
        }
      }
      waiting.set(response, answeredOnce.get(request.url ?? '') ?? (() => true))
      for (const [one, isDue] of waiting)
        if (isDue()) {
          waiting.delete(one)
          one.end('{}')
        }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A listening TCP server has such an address.
  const { port } = server.address() as AddressInfo
  const env = {
    ...process.env,
    SITE: `http://127.0.0.1:${port}`,
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint ?? `http://127.0.0.1:${port}`,
  }
  const args = ['--conditions=@holdfast/source', '--import', REGISTER, '--input-type=module', '-e', PRELUDE + code]
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      env,
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
    })
    return { requests, reports, loaded, output: stdout.trim() }
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

function reportsIn(body: string) {
  // What encodes it is in this package and tested beside it.
  const { resourceLogs } = JSON.parse(body) as { resourceLogs: [{ scopeLogs: [{ logRecords: OtlpRecord[] }] }] }
  return resourceLogs[0].scopeLogs[0].logRecords.map(({ eventName, spanId, attributes }) => {
    const told = Object.fromEntries(
      attributes.map(({ key, value }) => [
        key,
        value.stringValue ?? value.intValue ?? value.arrayValue?.values.map((one) => one.stringValue).join('\n') ?? '',
      ]),
    )
    return { name: eventName, span: spanId ?? '', told }
  })
}

type OtlpRecord = {
  readonly eventName: string
  readonly spanId?: string
  readonly attributes: readonly {
    key: string
    value: { stringValue?: string; intValue?: string; arrayValue?: { values: readonly { stringValue: string }[] } }
  }[]
}

const PRELUDE = `
import { AsyncLocalStorage } from 'node:async_hooks'
import { context, trace, ROOT_CONTEXT } from '@opentelemetry/api'
const als = new AsyncLocalStorage()
context.setGlobalContextManager({ active: () => als.getStore() ?? ROOT_CONTEXT, with: (c, f, t, ...a) => als.run(c, () => f.apply(t, a)), bind: (c, t) => t, enable() { return this }, disable() { return this } })
const inSpan = (n, run) => als.run(trace.setSpanContext(ROOT_CONTEXT, { traceId: 'a'.repeat(32), spanId: String(n).repeat(16), traceFlags: 1 }), run)
const site = process.env.SITE
`

const requestPorts = ({ requests }: Seen, path: string): readonly number[] =>
  requests.filter((request) => request.path === path).map(({ port }) => port)

test.each([
  ['fetch', `await inSpan(1, async () => { await (await fetch(site + '/asked')).text() })`],
  [
    'node:http',
    `import http from 'node:http'; await inSpan(1, () => new Promise((done) => http.get(site + '/asked', (r) => r.resume().on('end', done))))`,
  ],
  [
    'a socket of its own',
    `import net from 'node:net'; await inSpan(1, () => new Promise((done) => { const s = net.connect(new URL(site).port, '127.0.0.1', () => s.end('GET /asked HTTP/1.0\\r\\n\\r\\n')); s.resume().on('close', done) }))`,
  ],
])('%s: the five-tuple is told with its span, once', async (_name, code) => {
  const seen = await runAgent(code)
  expect(seen.reports.map(({ span, local }) => [span, local])).toEqual([
    ['1'.repeat(16), requestPorts(seen, '/asked')[0]],
  ])
  expect(seen.reports[0]?.attributes).toMatchObject({ 'network.transport': 'tcp', 'network.peer.address': '127.0.0.1' })
})

test('of two spans at once each has the socket that it used, and a kept socket has both', async () => {
  const seen = await runAgent(`
    const ask = (n, path) => inSpan(n, async () => { await (await fetch(site + path)).text() })
    await Promise.all([ask(1, '/one'), ask(2, '/two')])
    await ask(3, '/three')`)
  const told = new Set(seen.reports.map(({ span, local }) => `${span[0]} ${local}`))
  expect(told).toEqual(
    new Set(['/one', '/two', '/three'].map((path, at) => `${at + 1} ${requestPorts(seen, path)[0]}`)),
  )
})

test('what no span did is not told, and the reports do not tell of themselves', async () => {
  const alone = await runAgent(`await (await fetch(site + '/asked')).text()`)
  expect(alone.requests.map(({ path }) => path)).toEqual(['/asked', '/v1/logs'])
  expect(alone.reports).toEqual([])
  const kept = await runAgent(`
    for (let at = 0; at < 5; at++) {
      await inSpan(1, async () => { await (await fetch(site + '/asked')).text() })
      await (await fetch(site + '/reported')).text()
    }`)
  expect(new Set(kept.reports.map(({ local }) => local))).toEqual(new Set(requestPorts(kept, '/asked')))
})

test('an agent whose receiver is away ends with its own output', async () => {
  const seen = await runAgent(
    `await inSpan(1, async () => { await (await fetch(site + '/asked')).text() }); console.log('done')`,
    'http://127.0.0.1:1',
  )
  expect(seen.output).toBe('done')
  expect(seen.reports).toEqual([])
})

test('the runtime and the packages that are loaded are told, and those loaded later as well', async () => {
  const { loaded } = await runAgent(`
    await (await fetch(site + '/told')).text()
    const { createRequire } = await import('node:module')
    createRequire(process.cwd() + '/')('semver')
  `)
  const [runtime] = loaded
  expect(runtime).toMatchObject({ 'process.runtime.name': 'node', 'process.runtime.version': process.versions.node })
  const lists = loaded.flatMap((told) => told['holdfast.loaded.packages'] ?? [])
  expect(lists.map((list) => list.split('\n').map((line) => JSON.parse(line).name))).toEqual([
    ['@opentelemetry/api'],
    ['semver'],
  ])
  expect(JSON.parse(lists[0] ?? '')).toMatchObject({
    version: '1.10.0',
    path: expect.stringMatching(/@opentelemetry\/api$/),
  })
})
