import { held, NO_FIELD, OMITTED } from './act.ts'
import type { Act } from './act.ts'
import type { AttributeReader } from './attribute-reader.ts'
import type { SpanRecord } from '../decode/records.ts'
import type { Dialect } from './dialect.ts'
import { errorOf, readEndpoint } from './genai.ts'

/** Spans of the general OpenTelemetry conventions: HTTP, databases, RPC. What leaves the process is egress. */
export const otelSemconv: Dialect = {
  name: 'otel-semconv',
  recognises: ({ record }) => record.kind === 'span' && MARKERS.some((key) => record.attributes.has(key)),
  read: ({ record }, reader) => {
    if (record.kind !== 'span') return { acts: [] }
    return { acts: readEgress(record, reader) }
  },
}

const MARKERS = [
  'http.request.method',
  'http.method',
  'db.system',
  'db.system.name',
  'rpc.system',
  'rpc.system.name',
  'messaging.system',
  'dns.question.name',
]

const SPAN_KIND_CLIENT = 3
const SPAN_KIND_PRODUCER = 4

/** A request that left the process, or nothing for server spans, which are structure here. */
function readEgress(record: SpanRecord, reader: AttributeReader): readonly Act[] {
  const method = reader.text('http.request.method', 'http.method')
  const url = urlOf(reader.text('url.full', 'http.url'))
  const host = reader.text('server.address', 'net.peer.name', 'http.host') ?? url?.hostname
  const port =
    reader.number('server.port', 'net.peer.port') ??
    (url?.port === undefined || url.port === '' ? undefined : Number(url.port))
  const path = reader.text('url.path', 'http.target', 'http.route') ?? url?.pathname
  const status = reader.number('http.response.status_code', 'http.status_code')
  const system = reader.text('db.system.name', 'db.system', 'rpc.system.name', 'rpc.system', 'messaging.system')
  const operation = reader.text('db.operation.name', 'db.operation', 'rpc.method', 'messaging.operation.type')
  for (const key of ['db.namespace', 'db.name', 'db.collection.name', 'db.query.text', 'db.statement', 'rpc.service'])
    reader.value(key)
  if (record.spanKind !== SPAN_KIND_CLIENT && record.spanKind !== SPAN_KIND_PRODUCER) return []
  if (host === undefined && system === undefined) return []
  const verb = method ?? operation
  return [
    {
      kind: 'egress',
      destination: host ?? system ?? 'unknown',
      ...(port === undefined ? {} : { port }),
      protocol: system ?? url?.protocol.replace(':', '') ?? (method === undefined ? 'unknown' : 'http'),
      ...(verb === undefined ? {} : { method: verb }),
      // The query of an address may hold anything, secrets too; the path names the resource.
      ...(path === undefined ? {} : { path: path.split('?', 1)[0] ?? path }),
      ...(status === undefined ? {} : { status }),
    },
  ]
}

/** The OpenTelemetry conventions for MCP, client or server side. */
export const otelMcp: Dialect = {
  name: 'otel-mcp',
  recognises: ({ record }) => record.kind === 'span' && record.attributes.has('mcp.method.name'),
  read: ({ record }, reader) => ({ acts: record.kind === 'span' ? readMcp(record, reader) : [] }),
}

/** An MCP request as the standard's span attributes state it. */
function readMcp(record: SpanRecord, reader: AttributeReader): readonly Act[] {
  const method = reader.text('mcp.method.name') ?? ''
  const server = reader.text('mcp.server.name', 'gen_ai.mcp.server.name') ?? readEndpoint(reader)
  const error = errorOf(record, reader)
  const uri = reader.text('mcp.resource.uri')
  const promptName = reader.text('gen_ai.prompt.name', 'mcp.prompt.name')
  const toolName = reader.text('gen_ai.tool.name', 'mcp.tool.name')
  const callId = reader.text('gen_ai.tool.call.id')
  for (const key of [
    'mcp.session.id',
    'mcp.protocol.version',
    'mcp.request.id',
    'jsonrpc.request.id',
    'jsonrpc.protocol.version',
    'rpc.response.status_code',
    'gen_ai.operation.name',
  ])
    reader.value(key)
  const args = reader.held(['gen_ai.tool.call.arguments', 'mcp.request.argument', 'mcp.tool.arguments'], OMITTED)
  const result = reader.held(['gen_ai.tool.call.result', 'mcp.tool.result'], OMITTED)
  switch (method) {
    case 'tools/call':
      return [
        {
          kind: 'tool',
          name: toolName ?? record.name,
          ...(callId === undefined ? {} : { callId }),
          toolType: 'mcp',
          ...(server === undefined ? {} : { server }),
          arguments: args,
          result,
          ...(error === undefined ? {} : { error }),
        },
      ]
    case 'resources/read':
      return [
        {
          kind: 'documents',
          query: NO_FIELD,
          ...(server === undefined ? {} : { dataSource: server }),
          documents: [{ ...(uri === undefined ? {} : { uri, origin: uri }), content: NO_FIELD }],
        },
      ]
    case 'prompts/get':
      return [
        {
          kind: 'documents',
          query: held(promptName, NO_FIELD),
          ...(server === undefined ? {} : { dataSource: server }),
          documents: [{ ...(promptName === undefined ? {} : { origin: promptName }), content: NO_FIELD }],
        },
      ]
  }
  return []
}

function urlOf(text: string | undefined): URL | undefined {
  return text === undefined ? undefined : (URL.parse(text) ?? undefined)
}
