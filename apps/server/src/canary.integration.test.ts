import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeProxyBatch, exchangeOf, McpObserver, type ProxyKind } from '@holdfast/capture'
import { LogReader } from '@holdfast/recorder'
import type { ServerProcess } from '@holdfast/testkit'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto'
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtoExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SPEAKER, sensorBatch, sensorEntry } from './sensor/testing/batches.ts'
import { startServer } from './testing/server-process.ts'

const CANARY = 'sk-proj-Zq8vN3kLx0aTb7YcR2mWdE5hJ1uGfPoI9sXeV4nB6tKyHgMl'
const SAID = `my key is ${CANARY}, keep it`
const START = 'a1b2c3d4e5f60718'
const AT = 1_795_000_000_000_000_000n

let folder = ''
let server: ServerProcess
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-canary-'))
  server = await startServer(folder)
}, 120_000)
afterAll(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

type Exporter = Pick<ProtoExporter, 'export' | 'shutdown'>
type Spans = Parameters<ProtoExporter['export']>[0]
type Logs = Parameters<OTLPLogExporter['export']>[0]

/** Every way in, each of which carries the same credential; those of libraries as the libraries send it. */
const WAYS: Readonly<Record<string, () => Promise<unknown>>> = {
  'OTLP over HTTP, protobuf': () => sent(new ProtoExporter({ url: `${server.ready.otlpHttp}/v1/traces` }), 1),
  'OTLP over HTTP, JSON': () => sent(new JsonExporter({ url: `${server.ready.otlpHttp}/v1/traces` }), 2),
  'OTLP over gRPC': () =>
    sent(new GrpcExporter({ url: `http://${server.ready.otlpGrpc.replace(/^\w+:\/\//, '')}` }), 3),
  'OTLP log records': async () => {
    const exporter = new OTLPLogExporter({ url: `${server.ready.otlpHttp}/v1/logs` })
    const record = { ...stamped, body: SAID, attributes: { 'gen_ai.prompt': SAID } } as unknown as Logs[number] // what it reads
    await new Promise((done) => exporter.export([record], done))
    await exporter.shutdown()
  },
  'import of a recorded trace': () => imported('trace.json', { resourceSpans: [otlpJson()] }),
  'import of a CloudTrail file': () => imported('trail.json', { Records: [cloudTrail()] }),
  'import of a Kubernetes audit log': () => imported('audit.jsonl', kubernetesAudit()),
  'the MCP proxy': () => proxied('mcp-proxy', mcpEntries()),
  'the model proxy': () => proxied('llm-proxy', [modelExchange()]),
  'arguments and environment that the sensor saw': () => sensed(),
}

test.each(Object.entries(WAYS))('a credential that comes by %s is masked before it is stored', async (_, send) => {
  const before = entries().length
  await send()
  const added = entries().slice(before)
  expect(added.length).toBeGreaterThan(0)
  const texts = added.map(({ body }) => Buffer.from(body ?? []).toString('latin1'))
  expect(texts.filter((text) => text.includes(CANARY))).toEqual([])
  // It was there, and its place is still told: a way that lost the text would pass as well.
  expect(texts.join('\n')).toContain('[masked:')
})

test('no file of the folder and no list holds it', async () => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
  expect(files.filter((file) => readFileSync(join(file.parentPath, file.name)).includes(CANARY))).toEqual([])
  const paths = ['/api/v1/agents', '/api/v1/conversations', '/api/v1/events?limit=1000', `/api/v1/search?q=${CANARY}`]
  for (const path of paths) {
    const answer = await server.get<{ readonly items: readonly unknown[] }>(path)
    // The search says what it understood, which is what was asked.
    expect(JSON.stringify(answer.items)).not.toContain(CANARY)
  }
})

function entries() {
  using reader = LogReader.open({ folder })
  return [...reader.entries({ from: 0 })]
}

const stamped = {
  hrTime: [1_790_000_000, 0],
  hrTimeObserved: [1_790_000_000, 0],
  resource: { attributes: { 'service.name': 'desk' }, asyncAttributesPending: false },
  instrumentationScope: { name: 'test' },
  droppedAttributesCount: 0,
}

async function sent(exporter: Exporter, id: number): Promise<void> {
  const context = {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: id.toString(16).padStart(16, '0'),
    traceFlags: 1,
  }
  const span = {
    ...stamped,
    name: `chat ${CANARY}`,
    kind: 2,
    spanContext: () => context,
    startTime: [1_790_000_000, 1],
    endTime: [1_790_000_001, 1],
    status: { code: 0, message: SAID },
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: SAID }] }]),
      'http.request.header.authorization': [`Bearer ${CANARY}`],
    },
    links: [],
    events: [{ time: [1_790_000_000, 1], name: SAID, attributes: { said: SAID } }],
    duration: [1, 0],
    ended: true,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  }
  const result = await new Promise<{ readonly code: number }>((done) =>
    exporter.export([span] as unknown as Spans, done),
  ) // the fields that exporters read
  await exporter.shutdown()
  expect(result.code).toBe(0)
}

async function posted(path: string, body: Uint8Array | string): Promise<void> {
  const response = await fetch(server.ready.http + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.ready.token}`, 'content-type': 'application/octet-stream' },
    body: Buffer.from(body),
  })
  expect([path, response.status, response.ok ? '' : await response.text()]).toEqual([path, 200, ''])
}

async function imported(name: string, document: unknown): Promise<void> {
  await posted(`/api/v1/import?name=${name}`, JSON.stringify(document))
}

async function proxied(kind: ProxyKind, bodies: readonly Uint8Array[]): Promise<void> {
  const source = { kind, start: START, attributes: { 'service.name': 'desk' }, pid: '1', target: 't' }
  await posted(`/api/v1/proxies/${kind}/batches?start=${START}&sequence=1`, encodeProxyBatch({ source }, bodies))
}

function mcpEntries(): readonly Uint8Array[] {
  const observer = new McpObserver({ run: START, transport: 'stdio', target: 't' })
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'look_up', arguments: { key: SAID } } }
  const result = { jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text: SAID }] } }
  return [
    observer.observe({ direction: 'to-server', bytes: Buffer.from(JSON.stringify(call)), at: AT }),
    observer.observe({ direction: 'to-client', bytes: Buffer.from(JSON.stringify(result)), at: AT }),
  ]
}

function modelExchange(): Uint8Array {
  const rawFields = ['authorization', `Bearer ${CANARY}`, 'content-type', 'application/json']
  const seen = exchangeOf({ method: 'POST', target: '/v1/chat/completions', authority: 'model.test', rawFields }, AT)
  seen.request.push(Buffer.from(JSON.stringify({ model: 'm', messages: [{ role: 'user', content: SAID }] })))
  seen.request.end(AT)
  const answer = seen.answer({ status: 200, rawFields: ['content-type', 'application/json'] }, AT)
  answer.push(Buffer.from(JSON.stringify({ choices: [{ message: { role: 'assistant', content: SAID } }] })))
  answer.end(AT)
  return seen.encode('c1', { seenBy: 'proxy' }, [])
}

/** An execution whose arguments set a variable, as `env KEY=... curl -H ...` does. */
function sensed(): Promise<void> {
  const argv = ['env', `OPENAI_API_KEY=${CANARY}`, 'curl', '-H', `Authorization: Bearer ${CANARY}`].join('\0')
  const body = sensorBatch([
    sensorEntry(1, {
      type: 1,
      fields: [
        [1, '/usr/bin/env'],
        [2, argv],
      ],
    }),
  ])
  return new Promise((done, fail) => {
    const path = `/sensor/v1/batches?sensor=${SPEAKER.sensor}&start=${SPEAKER.start}&sequence=1`
    const asked = request({ socketPath: join(folder, 'sensor.sock'), path, method: 'POST' }, (response) => {
      response.resume().once('end', () => done(expect(response.statusCode).toBe(200)))
    })
    asked.once('error', fail).end(body)
  })
}

function otlpJson(): unknown {
  const attributes = [{ key: 'gen_ai.tool.call.result', value: { stringValue: SAID } }]
  const span = {
    traceId: '1af7651916cd43dd8448eb211c80319c',
    spanId: '00000000000000aa',
    name: 'execute_tool x',
    startTimeUnixNano: String(AT),
    endTimeUnixNano: String(AT),
    attributes,
  }
  return { resource: { attributes: [] }, scopeSpans: [{ scope: { name: 'x' }, spans: [span] }] }
}

function cloudTrail(): unknown {
  return {
    eventVersion: '1.11',
    eventID: '00000000-0000-4000-8000-000000000001',
    eventTime: '2026-11-20T10:00:00Z',
    eventSource: 's3.amazonaws.com',
    eventName: 'GetObject',
    awsRegion: 'eu-west-1',
    eventType: 'AwsApiCall',
    recipientAccountId: '111122223333',
    userAgent: SAID,
    userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/desk', accountId: '111122223333' },
    requestParameters: { bucketName: 'b', key: CANARY },
  }
}

function kubernetesAudit(): unknown {
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'RequestResponse',
    auditID: '11111111-0000-4000-8000-000000000001',
    stage: 'ResponseComplete',
    requestURI: '/api/v1/namespaces/x/configmaps',
    verb: 'create',
    user: { username: 'desk' },
    sourceIPs: ['10.0.0.1'],
    objectRef: { resource: 'configmaps', namespace: 'x', name: 'c', apiVersion: 'v1' },
    responseStatus: { code: 201 },
    requestObject: { data: { note: SAID } },
    requestReceivedTimestamp: '2026-11-20T10:00:00.000000Z',
    stageTimestamp: '2026-11-20T10:00:00.000000Z',
  }
}
