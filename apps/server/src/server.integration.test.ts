import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, pathSegment, routes, type Answer } from '@holdfast/api'
import { sourceTag } from '@holdfast/capture'
import { agentIdOf } from '@holdfast/model'
import { LogReader } from '@holdfast/recorder'
import type { ServerProcess } from '@holdfast/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordedRequests } from './testing/recorded-requests.ts'
import { startServer } from './testing/server-process.ts'

let folder: string
let server: ServerProcess

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-server-'))
  server = await startServer(folder)
  for (const dialect of ['ai-sdk-v7', 'otel-genai', 'openinference', 'claude-code']) {
    for (const request of recordedRequests(dialect)) expect((await send(request)).status).toBe(200)
  }
  await projected()
})

afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('lists, graph, evidence, events and texts agree with what was sent', async () => {
  const { items: agents } = await server.get<Answer<'listAgents'>>('/api/v1/agents')
  expect(agents.map(({ name }) => name)).toContain('order-desk')
  expect(agents.map(({ id, events }) => [id, events])).toEqual(agents.map(({ id }) => [id, storedOf(id)]))
  const { items } = await server.get<Answer<'listConversations'>>('/api/v1/conversations')
  const conversation = items.find(({ title }) => title === 'Where is order 4711?')
  expect(conversation?.toolCalls).toBeGreaterThan(0)
  const path = `/api/v1/conversations/${encodeURIComponent(conversation?.id ?? '')}`
  const graph = await server.get<Answer<'getGraph'>>(`${path}/graph`)
  expect(graph.nodes.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['message', 'model-call', 'model-output', 'tool']),
  )
  expect(
    graph.edges.every(({ from, to, kind, basis }) => from !== '' && to !== '' && kind.length > 0 && basis.length > 0),
  ).toBe(true)
  const rows = await server.get<Answer<'listRows'>>(`${path}/rows?limit=1000`)
  expect(rows.items.map(({ id }) => id).toSorted(compare)).toEqual(graph.nodes.map(({ id }) => id).toSorted(compare))
  const evidence = await server.get<Answer<'getEvidence'>>(`${path}/evidence`)
  expect(evidence.artifacts.map(({ id }) => id)).toEqual(['A1', 'A2', 'A3', 'A4', 'A5', 'A6'])
  const message = graph.nodes.find(({ trigger }) => trigger === true)
  const event = message?.events[0] ?? ''
  const content = await server.get<Answer<'getContent'>>(`/api/v1/events/${event}/content/content`)
  expect(content.text).toBe('Where is order 4711?')
  const window = await server.get<Answer<'getContent'>>(`/api/v1/events/${event}/content/content?offset=6&limit=2`)
  expect(window).toMatchObject({ text: 'is', nextOffset: 8, characters: 20 })
})

/** How many entries of an agent the folder holds, whatever was made of them since. */
function storedOf(agent: string): number {
  using reader = LogReader.open({ folder })
  return [...reader.entries({ from: 0 })].filter(({ envelope }) => envelope.agent === agent).length
}

test('any id opens: agent, conversation, trace, span, event, tool, digest, log entry', async () => {
  const { items } = await server.get<Answer<'listConversations'>>('/api/v1/conversations')
  const conversation = items.find(({ traces, toolCalls }) => traces.length > 0 && toolCalls > 0)
  const trace = conversation?.traces[0] ?? ''
  const graph = await server.get<Answer<'getGraph'>>(
    `/api/v1/conversations/${encodeURIComponent(conversation?.id ?? '')}/graph`,
  )
  const event = graph.nodes.flatMap(({ events }) => events).find((id) => id.startsWith(trace)) ?? ''
  const detail = await server.get<Answer<'getEvent'>>(`/api/v1/events/${event}`)
  const digest =
    (await server.get<Answer<'listEvents'>>('/api/v1/events?kind=prompt')).items[0]?.contents[0]?.digest ?? ''
  for (const id of [
    conversation?.id ?? '',
    trace,
    detail.span ?? '',
    event,
    'lookup_order',
    digest,
    '1',
    'order-desk',
  ]) {
    const { items: hits } = await server.get<Answer<'search'>>(`/api/v1/search?q=${encodeURIComponent(id)}`)
    expect([id, hits.length > 0]).toEqual([id, true])
  }
  // Conversations that begin with the same words are told apart by when they were.
  const q = encodeURIComponent((conversation?.title ?? '').slice(0, 12))
  const { items: named } = await server.get<Answer<'search'>>(`/api/v1/search?q=${q}`)
  expect(named.find(({ id }) => id === conversation?.id)).toMatchObject({ at: conversation?.lastClaimed })
  const { items: contexts } = await server.get<Answer<'contexts'>>(`/api/v1/contexts?digest=${digest}`)
  expect(contexts.length).toBeGreaterThan(0)
})

test('a pod opens by its name: the agent that it was, and its records', async () => {
  const pod = 'pod-named-6b7d9f8c55-m4k2p'
  expect((await sendSpans([span('b9', 'from a pod')], 'pod-named', pod)).status).toBe(200)
  await projected()
  const found = async (q: string) =>
    (await server.get<Answer<'search'>>(`/api/v1/search?q=${encodeURIComponent(q)}`)).items
  const items = await found(` ${pod} `)
  expect(items).toMatchObject([{ kind: 'pod', id: pod, href: expect.stringContaining('/hunt?') }, { kind: 'agent' }])
  const { q } = Object.fromEntries(new URL(items[0]?.href ?? '', 'http://here').searchParams)
  const hunted = await server.get<Answer<'hunt'>>(`/api/v1/hunt?q=${encodeURIComponent(q ?? '')}`)
  expect(new Set(hunted.items.map(({ agentName }) => agentName))).toEqual(new Set(['pod-named']))
  expect(await found('pod-named-6b7d9f8c55-m4k2x')).toEqual([])
})

test('what is sent twice is stored once and counted as a duplicate', async () => {
  const before = await server.get<Answer<'getIntegrity'>>('/api/v1/integrity')
  for (const request of recordedRequests('ai-sdk-v7')) expect((await send(request)).status).toBe(200)
  const after = await server.get<Answer<'getIntegrity'>>('/api/v1/integrity')
  expect(after.size).toBe(before.size)
  expect(after.counts.duplicates).toBeGreaterThan(before.counts.duplicates)
  expect(after.counts.stored).toBe(before.counts.stored)
})

test('a credential that is sent is in no file of the folder', async () => {
  const canary = 'sk-proj-Zq8vN3kLx0aTb7YcR2mWdE5hJ1uGfPoI9sXeV4nB6tKyHgMl'
  const spans = [
    span('c1', `my key is ${canary}, keep it`),
    span('c2', JSON.stringify({ authorization: `Bearer ${canary}` })),
  ]
  expect((await sendSpans(spans)).status).toBe(200)
  await projected()
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
  const holding = files.filter((file) => readFileSync(join(file.parentPath, file.name)).includes(canary))
  expect(holding.map(({ name }) => name)).toEqual([])
  const event = eventIn('c1')
  const { text, state } = await server.get<Answer<'getContent'>>(`/api/v1/events/${event}/content/content`)
  expect(state).toBe('redacted')
  expect(text).toContain('[masked:')
  expect(text).not.toContain(canary)
})

test('an exported bundle arrives whole, is on record, and leaves no copy in the folder', async () => {
  const { items } = await server.get<Answer<'listConversations'>>('/api/v1/conversations')
  const conversation = items.find(({ title }) => title === 'Where is order 4711?')?.id ?? ''
  const path = routes.exportEvidence.path.replace('{conversation}', encodeURIComponent(conversation))
  const headers = { authorization: `Bearer ${server.ready.token}` }
  const response = await fetch(server.ready.http + path, { method: routes.exportEvidence.method, headers })
  const bundle = Buffer.from(await response.arrayBuffer())
  expect([response.status, Number(response.headers.get('content-length'))]).toEqual([200, bundle.length])
  expect(bundle.subarray(0, 2).toString()).toBe('PK')
  expect(readdirSync(join(folder, 'exports'))).toEqual([])
  await projected()
  const { items: events } = await server.get<Answer<'listEvents'>>('/api/v1/events?kind=control')
  const actions = events.flatMap(({ facts }) => {
    const [, action, outcome] = /"action":"([\w-]+)".*"outcome":"(\w+)"/.exec(String(facts['record'])) ?? []
    return action === undefined ? [] : [`${action} ${outcome ?? ''}`]
  })
  expect(actions.filter((action) => action.startsWith('export'))).toEqual([
    'export-evidence done',
    'export-evidence intended',
  ])
  // Texts were read before: that is on record too.
  expect(actions).toContain('reveal-content intended')
})

test('without a capture policy nothing is stored, and the refusal is recorded', async () => {
  await put('/api/v1/capture-policy', { policy: null })
  const before = await server.get<Answer<'getIntegrity'>>('/api/v1/integrity')
  expect((await sendSpans([span('d1', 'not stored')])).status).toBe(403)
  await put('/api/v1/capture-policy', {
    policy: { name: 'loopback', senders: 'loopback', content: 'kept', credentials: 'masked' },
  })
  const gaps = await eventually(async () => {
    const now = await server.get<Answer<'getIntegrity'>>('/api/v1/integrity')
    return now.gapsTotal > before.gapsTotal ? now.gaps : undefined
  })
  expect(gaps[0]).toMatchObject({ reason: 'refused-no-policy' })
  expect((await sendSpans([span('d2', 'stored')])).status).toBe(200)
})

test('a conversation id names the traces that came before it', async () => {
  expect((await sendSpans([span('e1', 'first', 'e')])).status).toBe(200)
  await projected()
  expect((await server.get<Answer<'getConversation'>>(`/api/v1/conversations/${trace('e')}`)).id).toBe(trace('e'))
  const named = span('e2', 'second', 'e')
  named.attributes.push({ key: 'gen_ai.conversation.id', value: { stringValue: 'named-later' } })
  expect((await sendSpans([named])).status).toBe(200)
  await projected()
  expect(await server.get<Answer<'getConversation'>>('/api/v1/conversations/named-later')).toMatchObject({ events: 2 })
  expect(await server.get<Answer<'getConversation'>>(`/api/v1/conversations/${trace('e')}`)).toMatchObject({
    id: 'named-later',
  })
})

test('a conversation id that another agent uses too does not let it into the evidence', async () => {
  const named = (id: string) => ({
    ...span(id, `by ${id}`),
    attributes: [...span(id, `by ${id}`).attributes, { key: 'session.id', value: { stringValue: 'shared' } }],
  })
  expect((await sendSpans([named('a1')], 'first-agent')).status).toBe(200)
  expect((await sendSpans([named('a2')], 'second-agent')).status).toBe(200)
  await projected()
  await expect(server.get('/api/v1/conversations/shared')).rejects.toThrow('409')
  const { items } = await server.get<Answer<'listConversations'>>('/api/v1/conversations?q=shared')
  expect(items.map(({ events, agents }) => [events, agents.length])).toEqual([
    [1, 1],
    [1, 1],
  ])
  const graph = await server.get<Answer<'getGraph'>>(
    `/api/v1/conversations/${encodeURIComponent(items[0]?.id ?? '')}/graph`,
  )
  expect(new Set(graph.nodes.map(({ agent }) => agent)).size).toBe(1)
})

test('an agent that sends the spans of another first, with other words, replaces, hides and alters nothing', async () => {
  const honest = span('ad1', 'refund order 4711', 'ad')
  expect((await sendSpans([span('ad1', 'refund everything', 'ad'), honest], 'thief')).status).toBe(200)
  for (let i = 0; i < 20; i++) expect((await sendSpans([span('ad1', `noise ${i}`, 'ad')], 'thief')).status).toBe(200)
  expect((await sendSpans([honest], 'victim')).status).toBe(200)
  expect((await sendSpans([honest], 'victim')).status).toBe(200)
  await projected()
  const event = eventIn('ad1', { inTrace: 'ad', service: 'victim' })
  const { text } = await server.get<Answer<'getContent'>>(`/api/v1/events/${event}/content/content`)
  expect(text).toBe('refund order 4711')
  const { items } = await server.get<Answer<'listAgents'>>('/api/v1/agents?q=victim')
  expect(items.map(({ events }) => events)).toEqual([1])
  const graph = await server.get<Answer<'getGraph'>>(`/api/v1/conversations/${trace('ad')}/graph`)
  const calls = graph.nodes.filter(({ kind }) => kind === 'model-call')
  expect(new Map(calls.map(({ agent, rivals }) => [agent, rivals]))).toEqual(
    new Map([
      ['host:-/thief', ['host:-/victim']],
      ['host:-/victim', ['host:-/thief']],
    ]),
  )
  const entered = graph.nodes.filter(({ kind, agent }) => kind === 'message' && agent === 'host:-/victim')
  expect(entered.map(({ events }) => events)).toEqual([[event]])
})

test.each(['.', '..', '~.'])('a conversation called %s opens', async (id) => {
  const sent = span(`d0${id.length}${id.charCodeAt(0)}`, 'hello')
  sent.attributes.push({ key: 'gen_ai.conversation.id', value: { stringValue: id } })
  expect((await sendSpans([sent])).status).toBe(200)
  await projected()
  const client = createClient({ baseUrl: server.ready.http, fetch, token: server.ready.token })
  expect((await client.call('getConversation', { params: { conversation: id } })).id).toBe(id)
  const { nodes } = await client.call('getGraph', { params: { conversation: id } })
  expect(nodes.map(({ kind }) => kind)).toContain('model-call')
  const { items } = await client.call('search', { query: { q: id } })
  const [hit] = items.filter(({ kind }) => kind === 'conversation')
  expect(new URL(hit?.href ?? '', server.ready.http).pathname).toBe(`/conversations/${pathSegment(id)}`)
})

test('an agent that takes the name of the product does not hide behind it', async () => {
  const before = await server.get<Answer<'getIntegrity'>>('/api/v1/integrity')
  expect((await sendSpans([span('b7', 'hidden?')], 'holdfast')).status).toBe(200)
  await projected()
  const { items } = await server.get<Answer<'listAgents'>>('/api/v1/agents?q=holdfast')
  expect(items.map(({ name, events }) => [name, events])).toEqual([['holdfast', 1]])
  const after = await server.get<Answer<'getIntegrity'>>('/api/v1/integrity')
  expect(after.counts.stored).toBe(before.counts.stored + 1)
})

test('more log records of one span than a page holds are each found by their id', async () => {
  const logRecords = Array.from({ length: 80 }, (_, i) => ({
    traceId: trace('c8'),
    spanId: 'c8'.padStart(16, '0'),
    timeUnixNano: String(1_763_700_000_000_000_000n + BigInt(i)),
    eventName: 'gen_ai.user.message',
    body: { kvlistValue: { values: [{ key: 'content', value: { stringValue: `message ${i}` } }] } },
  }))
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'talker' } }] }
  const body = JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ scope: { name: 'test' }, logRecords }] }] })
  expect((await send({ signal: 'logs', contentType: 'application/json', body: Buffer.from(body) })).status).toBe(200)
  await projected()
  const { items } = await server.get<Answer<'listEvents'>>('/api/v1/events?limit=100&q=talker')
  expect(items).toHaveLength(80)
  for (const { id } of items) {
    expect((await server.get<Answer<'getEvent'>>(`/api/v1/events/${encodeURIComponent(id)}`)).id).toBe(id)
    const { items: hits } = await server.get<Answer<'search'>>(`/api/v1/search?q=${encodeURIComponent(id)}`)
    expect(hits.map(({ kind }) => kind)).toEqual(['event'])
  }
})

test('erasing an agent makes its texts unreadable and leaves the log verifiable', async () => {
  expect((await sendSpans([span('f1', 'to be forgotten', 'f')], 'forgotten')).status).toBe(200)
  await projected()
  const event = eventIn('f1', { inTrace: 'f', service: 'forgotten' })
  expect((await server.get<Answer<'getContent'>>(`/api/v1/events/${event}/content/content`)).text).toBe(
    'to be forgotten',
  )
  const { items } = await server.get<Answer<'listAgents'>>('/api/v1/agents?q=forgotten')
  const erased = await post<Answer<'eraseContent'>>('/api/v1/erasures', { agent: items[0]?.id, reason: 'asked to' })
  expect(erased).toMatchObject({ keys: 1, entries: 1 })
  await projected()
  await expect(server.get(`/api/v1/events/${event}/content/content`)).rejects.toThrow('404')
  const left = await server.get<Answer<'getConversation'>>(`/api/v1/conversations/${trace('f')}`)
  expect(left).toMatchObject({ id: `erased~${items[0]?.id}`, events: 1, dialects: ['erased'] })
  const { items: rows } = await server.get<Answer<'listConversations'>>('/api/v1/conversations?q=forgotten')
  expect(rows.map(({ id }) => id)).toEqual([left.id])
  const evidence = await server.get<Answer<'getEvidence'>>(`/api/v1/conversations/${trace('f')}/evidence`)
  for (const { state, reason, missing } of evidence.artifacts) {
    expect(state).toBe('missing')
    expect(reason).toMatch(/^erased: of all 1 record, it was erased at 20[-\d]+T[^ ]+Z, as log entry \d+ says$/)
    expect(missing).toHaveLength(1)
  }
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
  const holding = files.filter((file) => readFileSync(join(file.parentPath, file.name)).includes('to be forgotten'))
  expect(holding.map(({ name }) => name)).toEqual([])
  const proof = await server.get<Answer<'getProof'>>(`/api/v1/log/entries/0/proof`)
  expect(proof.proof).toMatch(/^c2sp\.org\/tlog-proof@v1\n/)
})

test('a restart on the same folder shows the same agents and conversations', async () => {
  const before = await server.get<Answer<'listConversations'>>('/api/v1/conversations')
  // Counted, and written when the listeners have ended: still before the word that the server has.
  expect(
    (await send({ signal: 'traces', contentType: 'application/x-protobuf', body: Buffer.of(0x0a, 0x7f) })).status,
  ).toBe(400)
  expect(await server.stop()).toBe(0)
  using log = LogReader.open({ folder })
  const last = [...log.entries({ from: log.size() - 2 })].map(({ body }) => Buffer.from(body ?? []).toString())
  expect(last).toEqual([expect.stringContaining('"kind":"gap"'), expect.stringContaining('"action":"stopped"')])
  // What a server that was killed in the middle of an export leaves: decrypted content.
  mkdirSync(join(folder, 'exports'), { recursive: true })
  writeFileSync(join(folder, 'exports', 'left.zip'), 'PK')
  server = await startServer(folder)
  expect(existsSync(join(folder, 'exports', 'left.zip'))).toBe(false)
  await projected()
  expect(await server.get<Answer<'listConversations'>>('/api/v1/conversations')).toEqual(before)
})

test('a second server on the same folder is refused with the owner named', async () => {
  await expect(startServer(folder)).rejects.toThrow(String(server.ready.pid))
})

/** Id of the first prompt of a test span. */
function eventIn(id: string, { inTrace = id, service = 'canary' } = {}): string {
  const agent = agentIdOf({ kind: 'host', service })
  const teller = sourceTag({ agent, credential: 'loopback', tier: 'self-reported' })
  return `${trace(inTrace)}.${id.padStart(16, '0')}.${teller}.in.0`
}

type TestSpan = ReturnType<typeof span>

function trace(name: string): string {
  return name.padStart(32, '0')
}

function span(id: string, text: string, inTrace = id) {
  return {
    traceId: trace(inTrace),
    spanId: id.padStart(16, '0'),
    name: 'chat scripted',
    kind: 3,
    startTimeUnixNano: '1763700000000000000',
    endTimeUnixNano: '1763700001000000000',
    attributes: [
      { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
      {
        key: 'gen_ai.input.messages',
        value: { stringValue: JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: text }] }]) },
      },
    ],
  }
}

function sendSpans(spans: readonly TestSpan[], service = 'canary', pod?: string): Promise<Response> {
  const named = { 'service.name': service, ...(pod === undefined ? {} : { 'k8s.pod.name': pod }) }
  const resource = { attributes: Object.entries(named).map(([key, stringValue]) => ({ key, value: { stringValue } })) }
  const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'test' }, spans }] }] })
  return send({ signal: 'traces', contentType: 'application/json', body: Buffer.from(body) })
}

function send({
  signal,
  contentType,
  body,
}: {
  readonly signal: string
  readonly contentType: string
  readonly body: Buffer<ArrayBuffer>
}): Promise<Response> {
  return fetch(`${server.ready.otlpHttp}/v1/${signal}`, {
    method: 'POST',
    headers: { 'content-type': contentType },
    body,
  })
}

async function put(path: string, body: unknown): Promise<void> {
  const headers = { authorization: `Bearer ${server.ready.token}`, 'content-type': 'application/json' }
  expect((await fetch(server.ready.http + path, { method: 'PUT', headers, body: JSON.stringify(body) })).status).toBe(
    200,
  )
}

async function post<T>(path: string, body: unknown): Promise<T> {
  const headers = { authorization: `Bearer ${server.ready.token}`, 'content-type': 'application/json' }
  const response = await fetch(server.ready.http + path, { method: 'POST', headers, body: JSON.stringify(body) })
  expect(response.status).toBe(200)
  return (await response.json()) as T // the caller names the route's answer
}

/** Waits until the projection has folded all that is recorded. */
async function projected(): Promise<void> {
  await eventually(async () => {
    const { projection } = await server.get<Answer<'getIntegrity'>>('/api/v1/integrity')
    return projection.lag === 0 ? true : undefined
  })
}

/** Asks again until there is an answer; vitest's own time limit bounds it. */
async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : 1
}
