import { field, isJsonArray, isJsonObject, toJson } from '../decode/any-value.ts'
import type { AnyValue, Json } from '../decode/any-value.ts'
import { parseJsonText } from '../decode/json-text.ts'
import type { SpanRecord } from '../decode/records.ts'
import { NO_FIELD, OMITTED } from './act.ts'
import type { Act, Held, Message } from './act.ts'
import type { AttributeReader } from './attribute-reader.ts'
import type { Dialect, Reading } from './dialect.ts'
import { errorOf } from './genai.ts'
import { readDefinitions } from './items.ts'
import { asJson, indexed, under } from './indexed.ts'
import { readMessage } from './messages.ts'
import { memberOf, readGenAiSpan } from './otel-genai.ts'

/** OpenLLMetry (Traceloop): GenAI attributes on model calls, `traceloop.*` around them, indexed prompts in old versions. */
export const openLlmetry: Dialect = {
  name: 'openllmetry',
  recognises: ({ record, scope }) =>
    record.kind === 'span' &&
    (scope.name.startsWith('@traceloop/') || MARKERS.some((key) => record.attributes.has(key))),
  read: ({ record }, reader) => (record.kind === 'span' ? readSpan(record, reader) : { acts: [] }),
}

const MARKERS = [
  'traceloop.span.kind',
  'traceloop.entity.name',
  'traceloop.workflow.name',
  'gen_ai.prompt.0.role',
  'gen_ai.prompt.0.content',
  'gen_ai.completion.0.content',
  'llm.request.type',
]

function readSpan(record: SpanRecord, reader: AttributeReader): Reading {
  for (const key of [
    'traceloop.workflow.name',
    'traceloop.entity.path',
    'traceloop.entity.version',
    'traceloop.correlation.id',
  ])
    reader.value(key)
  const kind = reader.text('traceloop.span.kind')
  const template = readTemplate(reader)
  if (kind === undefined) {
    const input = indexedMessages(reader, 'gen_ai.prompt.', 'user')
    const output = indexedMessages(reader, 'gen_ai.completion.', 'assistant')
    const reading = readGenAiSpan(record, reader, {
      ...(input.length === 0 ? {} : { input }),
      ...(output.length === 0 ? {} : { output }),
    })
    const definitions = readDefinitions(indexedDefinitions(reader))
    const defined: readonly Act[] = definitions.length === 0 ? [] : [{ kind: 'definitions', definitions }]
    return { ...reading, acts: [...reading.acts, ...defined, ...readVectorQuery(record, reader), ...template] }
  }
  const member = kind === 'agent' ? { member: reader.text('traceloop.entity.name') ?? record.name } : memberOf(reader)
  return { acts: [...readEntity(kind, record, reader), ...template], ...member }
}

function readEntity(kind: string, record: SpanRecord, reader: AttributeReader): readonly Act[] {
  const name = reader.text('traceloop.entity.name') ?? record.name
  const error = errorOf(record, reader)
  const failed = error === undefined ? {} : { error }
  const input = entityValue(reader.json('traceloop.entity.input'))
  const output = entityValue(reader.json('traceloop.entity.output'))
  if (kind === 'tool') {
    const callId = reader.text('gen_ai.tool.call.id')
    return [
      { kind: 'tool', name, ...(callId === undefined ? {} : { callId }), arguments: input, result: output, ...failed },
    ]
  }
  if (kind === 'agent' || kind === 'workflow')
    return [
      {
        kind: 'invocation',
        operation: kind === 'agent' ? 'invoke_agent' : 'invoke_workflow',
        name,
        input,
        output,
        ...failed,
      },
    ]
  return []
}

/** Decorators send `{args, kwargs}`: the side that is not empty is what the function was called with. */
function entityValue(json: Json | undefined): Held {
  if (json === undefined) return OMITTED
  // Results are JSON text even where they are a text: `"shipped"`.
  if (typeof json === 'string') return { value: unquoted(json) }
  const args = field(json, 'args')
  const kwargs = field(json, 'kwargs', 'inputs')
  if (isJsonArray(args) && args.length === 0 && isJsonObject(kwargs)) return { value: kwargs }
  if (isJsonArray(args) && args.length > 0 && isJsonObject(kwargs) && Object.keys(kwargs).length === 0) {
    const [only] = args
    return { value: args.length === 1 && only !== undefined ? only : args }
  }
  return { value: json }
}

function unquoted(text: string): string {
  const parsed = text.startsWith('"') ? parseJsonText(text) : undefined
  return typeof parsed === 'string' ? parsed : text
}

/** Old versions: `gen_ai.prompt.<i>.role`, `.content`, `.tool_calls.<k>.name`. */
function indexedMessages(reader: AttributeReader, prefix: string, role: 'user' | 'assistant'): readonly Message[] {
  return indexed(reader.under(prefix)).map((group) => {
    const calls = indexed(under(group, 'tool_calls.')).map((call) => ({
      id: asJson(call.get('id')),
      name: asJson(call.get('name')),
      arguments: asJson(call.get('arguments')),
    }))
    return readMessage(
      {
        role: asJson(group.get('role')) ?? role,
        content: contentOf(group.get('content')),
        tool_call_id: asJson(group.get('tool_call_id')),
        ...(calls.length === 0 ? {} : { tool_calls: calls }),
      },
      role,
    )
  })
}

function indexedDefinitions(reader: AttributeReader): readonly Json[] {
  return indexed(reader.under('llm.request.functions.')).map((group) =>
    Object.fromEntries([...group].map(([key, value]) => [key, toJson(value)])),
  )
}

/** A vector store's answer: documents arrive as span events. */
function readVectorQuery(record: SpanRecord, reader: AttributeReader): readonly Act[] {
  const query = reader.under('db.vector.query.')
  const documents = record.events
    .filter((event) => event.name === 'db.query.result' || event.name === 'db.search.result')
    .map((event) => {
      const origin = event.attributes.get('db.query.result.id') ?? event.attributes.get('db.search.result.id')
      const content =
        event.attributes.get('db.query.result.document') ?? event.attributes.get('db.search.result.entity')
      const score =
        event.attributes.get('db.query.result.distance') ?? event.attributes.get('db.search.result.distance')
      return {
        ...(typeof origin === 'string' ? { origin } : {}),
        ...(typeof score === 'number' ? { score } : {}),
        content: content === undefined ? OMITTED : { value: toJson(content) },
      }
    })
  if (query.size === 0 && documents.length === 0) return []
  const dataSource = reader.text('db.system', 'db.system.name')
  return [{ kind: 'documents', query: NO_FIELD, ...(dataSource === undefined ? {} : { dataSource }), documents }]
}

function readTemplate(reader: AttributeReader): readonly Act[] {
  const origin = reader.text('traceloop.prompt.key')
  const version = reader.text('traceloop.prompt.version', 'traceloop.prompt.version_name')
  const statedDigest = reader.text('traceloop.prompt.version_hash')
  reader.under('traceloop.prompt.template_variables.')
  if (origin === undefined) return []
  const document = {
    origin,
    ...(version === undefined ? {} : { version }),
    ...(statedDigest === undefined ? {} : { statedDigest }),
    content: NO_FIELD,
  }
  return [{ kind: 'documents', query: NO_FIELD, dataSource: 'prompt-template', documents: [document] }]
}

function contentOf(value: AnyValue | undefined): Json {
  if (typeof value !== 'string' || !value.startsWith('[{')) return asJson(value)
  const parsed = parseJsonText(value)
  return isJsonArray(parsed) && parsed.every((item) => field(item, 'type') !== undefined) ? parsed : value
}
