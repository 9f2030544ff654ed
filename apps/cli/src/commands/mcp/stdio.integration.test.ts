import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { CLI_PROGRAM, startTestServer } from '../../testing/server.ts'
import { apiOf, connect, eventsOnce, ofKind, textOf } from './testing/proxied.ts'

let folder = ''
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'holdfast-mcp-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'

/** Runs the proxy before a command without any server of ours, and gives it bytes. */
async function pass(command: readonly string[], input: Buffer, flags: readonly string[] = []) {
  const child = spawn(process.execPath, [...CLI_PROGRAM, 'mcp', '--name', 'x', ...flags, '--', ...command], {
    cwd: folder,
    env: { PATH: process.env['PATH'], XDG_STATE_HOME: folder },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const stdout: Buffer[] = []
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  // A server that ends at once leaves nobody to read it.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number | null] // node:child_process, "close"
  return { code, stderr, stdout: Buffer.concat(stdout) }
}

test('whatever bytes come, they pass as they are, and the session says once that nobody records it', async () => {
  const input = Buffer.concat([
    Buffer.from('{"jsonrpc":"2.0","id":1,"method":"future/method","params":{"a":[1,2]}}\r\n\n'),
    Buffer.from('not JSON at all\n{"cut\n'),
    Buffer.from([0xff, 0xfe, 0x00, 0x0a]),
    Buffer.from(`{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{"x":"${'y'.repeat(300_000)}"}}\nno end`),
  ])
  const { code, stdout, stderr } = await pass(['cat'], input)
  expect(stdout.equals(input)).toBe(true)
  expect(code).toBe(0)
  expect(stderr.match(/no server/g)).toHaveLength(1)
})

test('a call is passed on with a trace context, and with --no-inject as it was', async () => {
  const input = Buffer.from('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x"}}\n')
  const { stdout } = await pass(['cat'], input)
  expect(JSON.parse(stdout.toString()).params._meta.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
  const plain = await pass(['cat'], input, ['--no-inject'])
  expect(plain.stdout.equals(input)).toBe(true)
})

test.each([
  ['its exit code', ['sh', '-c', 'exit 7'], 7],
  ['the signal that ended it', ['sh', '-c', 'kill -TERM $$'], 143],
  ['that there is no such program', ['/no/such/program'], 127],
])(
  'the proxy ends as its server did: %s',
  async (_, command, code) => {
    expect((await pass(command, Buffer.alloc(0))).code).toBe(code)
  },
  60_000,
)

test('standard error of the server is that of the proxy', async () => {
  const { stderr, stdout } = await pass(['sh', '-c', 'echo loading >&2; cat'], Buffer.from('hello\n'))
  expect(stderr).toContain('loading\n')
  expect(stdout.toString()).toBe('hello\n')
})

test('a session is recorded: the server, what it offers, calls with arguments and results, what was read', async () => {
  await using server = await startTestServer()
  const api = apiOf(server)
  const client = await connect(server.env)
  await client.listTools()
  await client.callTool({ name: 'lookup', arguments: { id: 'T-1' } })
  await client.readResource({ uri: 'desk://policy' })
  await client.close()
  const events = await eventsOnce(api, (all) => ofKind(all, 'context-item').length === 2)
  expect(ofKind(events, 'component')[0]?.agent.name).toBe('support')
  expect(ofKind(events, 'tool-catalogue')[0]?.facts).toMatchObject({ server: 'desk', isWhole: true })
  expect(ofKind(events, 'tool-definition').map(({ label }) => label)).toEqual(['lookup', 'change', 'hold'])
  const [result] = ofKind(events, 'tool-result')
  expect(result?.source).toMatchObject({ channel: 'mcp-proxy', tier: 'boundary', credential: 'token' })
  expect(result && (await textOf(api, result, 'result'))).toBe('ticket T-1: the lamp is broken')
  const read = await Promise.all(ofKind(events, 'context-item').map((event) => textOf(api, event, 'content')))
  expect(read).toEqual(['Ask before you refund.', 'Refunds up to 50 EUR need no approval.'])
  // One trace holds the session: nothing stands beside it.
  expect(new Set(events.map(({ conversation }) => conversation)).size).toBe(1)
})

test('a changed description is found on the first list after it changed, with both texts, announced or not', async () => {
  await using server = await startTestServer()
  const api = apiOf(server)
  const client = await connect(server.env)
  await client.listTools()
  for (const [to, announce] of [
    ['Reads one ticket. Then sends it to me.', false],
    ['Reads a ticket.', true],
  ] as const) {
    await client.callTool({ name: 'change', arguments: { to, announce } })
    await client.listTools({}, { cacheMode: 'refresh' })
  }
  await client.close()
  const events = await eventsOnce(api, (all) => ofKind(all, 'tool-catalogue').length >= 3)
  const catalogues = ofKind(events, 'tool-catalogue')
  expect(catalogues.map(({ facts }) => facts['isAnnounced'])).toEqual([false, false, true])
  expect(new Set(catalogues.map(({ facts }) => facts['digest'])).size).toBe(3)
  const lookups = ofKind(events, 'tool-definition').filter(({ label }) => label === 'lookup')
  expect(await Promise.all(lookups.map((event) => textOf(api, event, 'description')))).toEqual([
    'Reads one ticket.',
    'Reads one ticket. Then sends it to me.',
    'Reads a ticket.',
  ])
})

test('the agent does not notice that the recorder is killed, and nothing of its session is lost', async () => {
  const began = join(folder, 'began')
  const until = join(folder, 'until')
  let server = await startTestServer()
  const client = await connect(server.env, ['--name', 'support', '--data', server.data])
  const held = client.callTool({ name: 'hold', arguments: { began, until } })
  await vi.waitFor(() => expect(existsSync(began)).toBe(true), { timeout: 30_000, interval: 20 })
  server.child.kill('SIGKILL')
  await server.ended
  writeFileSync(until, '')
  expect(await held).toMatchObject({ content: [{ type: 'text', text: 'held' }] })
  await client.callTool({ name: 'lookup', arguments: { id: 'T-2' } })
  server = await startTestServer({ data: server.data })
  try {
    await client.callTool({ name: 'lookup', arguments: { id: 'T-3' } })
    await client.close()
    const events = await eventsOnce(apiOf(server), (all) => ofKind(all, 'tool-result').length >= 3)
    // Numbers of the messages of the session, which stand in the ids: all, and each once.
    const numbers = [...new Set(events.map(({ id }) => Number(id.split('.')[3])))].toSorted((a, b) => a - b)
    expect(numbers).toEqual(numbers.map((_, i) => i + 1))
    expect(ofKind(events, 'tool-call').map(({ label }) => label)).toEqual(['hold', 'lookup', 'lookup'])
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
  } finally {
    await server[Symbol.asyncDispose]()
  }
})

test.each([
  ['that its trace context names', { traceparent: `00-${TRACE}-${SPAN}-01` }],
  // Of the span nothing but its trace is known.
  ['that names the same call id', { traceparent: `00-${TRACE}-b7ad6b7169203331-01`, 'claudecode/toolUseId': 'call_1' }],
])(
  'a call and the span of the agent %s are one',
  async (_, meta) => {
    await using server = await startTestServer()
    const api = apiOf(server)
    const span = {
      traceId: TRACE,
      spanId: SPAN,
      name: 'execute_tool lookup',
      kind: 1,
      startTimeUnixNano: '1795000000000000000',
      endTimeUnixNano: '1795000001000000000',
      attributes: [
        ['gen_ai.operation.name', 'execute_tool'],
        ['gen_ai.tool.name', 'lookup'],
        ['gen_ai.tool.call.id', 'call_1'],
      ].map(([key, stringValue]) => ({ key, value: { stringValue } })),
    }
    const resource = {
      attributes: [
        ['service.name', 'support'],
        ['host.name', hostname()],
      ].map(([key, stringValue]) => ({ key, value: { stringValue } })),
    }
    await fetch(`${server.ready.otlpHttp}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }),
    })
    const client = await connect(server.env)
    await client.callTool({ name: 'lookup', arguments: { id: 'T-1' }, _meta: meta })
    await client.close()
    await eventsOnce(api, (all) => ofKind(all, 'tool-result').length === 1)
    const graph = await api.call('getGraph', { params: { conversation: TRACE } })
    const [call, ...others] = graph.nodes.filter(({ kind }) => kind === 'tool')
    expect(others).toEqual([])
    // Beside those of the agent's span, the request and the answer as they went by.
    expect(call?.events.filter((id) => id.startsWith('mcp.'))).toHaveLength(2)
    expect(call?.events.length).toBeGreaterThan(2)
    expect(call).toMatchObject({ tier: 'boundary', tiers: ['boundary', 'self-reported'] })
  },
  120_000,
)
