import type { TokenUsage } from '@holdfast/model'
import { isJsonArray, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import type { SpanRecord } from '../decode/records.ts'
import { OMITTED } from './act.ts'
import type { Act, Heard, Held, Message, Part } from './act.ts'
import type { AttributeReader } from './attribute-reader.ts'
import { readDefinitions, readDocument } from './items.ts'
import { readMessages } from './messages.ts'

/*
 * The OpenTelemetry GenAI attributes (semantic conventions 1.41 and the listed deltas, both generations of names). Many
 * dialects use them with something of their own, so these readings are shared.
 */

/** What one GenAI span or event says, by its operation; undefined where it states none that has a meaning of its own. */
export function readOperation(reader: AttributeReader, context: GenAiContext): readonly Act[] | undefined {
  const operation = reader.text('gen_ai.operation.name') ?? context.operation ?? ''
  switch (operation) {
    case 'chat':
    case 'generate_content':
    case 'text_completion':
    case 'completion':
    case 'embeddings':
      return readInference(reader, operation === 'completion' ? 'text_completion' : operation, context)
    case 'retrieval':
      return [readRetrieval(reader)]
    case 'create_agent':
    case 'invoke_agent':
    case 'invoke_workflow':
      return readInvocation(reader, operation, context)
    case 'execute_tool':
      return [readTool(reader, context)]
    case 'search_memory':
    case 'create_memory':
    case 'update_memory':
    case 'upsert_memory':
    case 'delete_memory':
      return [readMemory(reader, operation)]
  }
  return undefined
}

export type GenAiContext = {
  /** What the operation is where the record does not say it in `gen_ai.operation.name`. */
  readonly operation?: string
  readonly error?: string
  readonly spanName: string
  /** Messages that the dialect found elsewhere (span events, its own attributes); attributes of the standard win. */
  readonly input?: Heard
  readonly output?: Heard
  readonly toolArguments?: Held
  readonly toolResult?: Held
}

/** The span's error, if it says that it failed: `error.type`, else the status message. */
export function errorOf(record: SpanRecord, reader: AttributeReader): string | undefined {
  const type = reader.text('error.type', 'exception.type')
  if (record.statusCode !== 2) return type
  return record.statusMessage === '' ? (type ?? 'error') : record.statusMessage
}

/** A model call with its messages and tool definitions. */
export function readInference(reader: AttributeReader, operation: string, context: GenAiContext): readonly Act[] {
  const provider = reader.text('gen_ai.provider.name', 'gen_ai.system')
  const requestModel = reader.text('gen_ai.request.model')
  const responseModel = reader.text('gen_ai.response.model')
  const responseId = reader.text('gen_ai.response.id')
  const endpoint = readEndpoint(reader)
  const input = readInput(reader)
  const output = readOutput(reader)
  const definitions = readDefinitions(reader.json('gen_ai.tool.definitions'))
  return [
    {
      kind: 'inference',
      operation,
      ...(provider === undefined ? {} : { provider }),
      ...(requestModel === undefined ? {} : { requestModel }),
      ...(responseModel === undefined ? {} : { responseModel }),
      ...(responseId === undefined ? {} : { responseId }),
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(context.error === undefined ? {} : { error: context.error }),
      finishReasons: reader.texts('gen_ai.response.finish_reasons', 'gen_ai.response.finish_reason'),
      usage: readUsage(reader),
      input: typeof input === 'string' ? (context.input ?? input) : input,
      output: typeof output === 'string' ? (context.output ?? output) : output,
    },
    ...(definitions.length === 0 ? [] : [{ kind: 'definitions', definitions } as const]),
  ]
}

/** System instructions and input messages, system text first. */
export function readInput(reader: AttributeReader): Heard {
  const system = reader.json('gen_ai.system_instructions', 'gen_ai.system.instructions', 'system_prompt')
  const messages = reader.json('gen_ai.input.messages')
  const byReference = reader.text('gen_ai.input.messages_ref', 'gen_ai.system_instructions_ref') !== undefined
  if (system === undefined && messages === undefined) return byReference ? 'reference-only' : 'instrumentation-omits'
  return [...readSystem(system), ...readMessages(messages, 'user')]
}

/** System instructions are a list of parts: one message, whatever their number. */
export function readSystem(json: Json | undefined): readonly Message[] {
  if (json === undefined) return []
  const list = isJsonArray(json) ? json : [json]
  if (list.some((item) => textField(item, 'role') !== undefined)) return readMessages(list, 'system')
  return [
    {
      role: 'system',
      parts: readMessages({ role: 'system', parts: list }, 'system').flatMap((message) => message.parts),
    },
  ]
}

export function readOutput(reader: AttributeReader): Heard {
  const json = reader.json('gen_ai.output.messages')
  const byReference = reader.text('gen_ai.output.messages_ref') !== undefined
  if (json !== undefined) return readMessages(json, 'assistant')
  return byReference ? 'reference-only' : 'instrumentation-omits'
}

/** Token counts in all their spellings. */
export function readUsage(reader: AttributeReader): TokenUsage {
  const inputTokens = reader.number('gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens')
  const outputTokens = reader.number('gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens')
  const cacheReadTokens = reader.number(
    'gen_ai.usage.cache_read.input_tokens',
    'gen_ai.usage.cache_read_input_tokens',
    'gen_ai.usage.cached_input_tokens',
  )
  const cacheWriteTokens = reader.number(
    'gen_ai.usage.cache_write.input_tokens',
    'gen_ai.usage.cache_creation.input_tokens',
    'gen_ai.usage.cache_creation_input_tokens',
    'gen_ai.usage.cache_write_input_tokens',
  )
  return {
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
    ...(cacheReadTokens === undefined ? {} : { cacheReadTokens }),
    ...(cacheWriteTokens === undefined ? {} : { cacheWriteTokens }),
  }
}

/** Host and port of the model's endpoint, as stated. */
export function readEndpoint(reader: AttributeReader): string | undefined {
  const host = reader.text('server.address')
  const port = reader.number('server.port')
  if (host === undefined) return undefined
  return port === undefined ? host : `${host}:${port}`
}

/** `execute_tool`: the call and its result in one span. */
export function readTool(reader: AttributeReader, context: GenAiContext): Act {
  const callId = reader.text('gen_ai.tool.call.id')
  const toolType = reader.text('gen_ai.tool.type')
  const server = reader.text('server.address', 'mcp.server.name')
  reader.value('gen_ai.tool.description')
  return {
    kind: 'tool',
    name: reader.text('gen_ai.tool.name', 'gen_ai.tool.call.name') ?? lastWord(context.spanName),
    ...(callId === undefined ? {} : { callId }),
    ...(toolType === undefined ? {} : { toolType }),
    ...(server === undefined ? {} : { server }),
    arguments: reader.held(['gen_ai.tool.call.arguments', 'gen_ai.tool.arguments'], context.toolArguments ?? OMITTED),
    result: reader.held(
      ['gen_ai.tool.call.result', 'gen_ai.tool.result', 'gen_ai.tool.output'],
      context.toolResult ?? OMITTED,
    ),
    ...(context.error === undefined ? {} : { error: context.error }),
  }
}

/** `retrieval`: documents with id and score; the standard has no content and no address for them. */
export function readRetrieval(reader: AttributeReader): Act {
  const dataSource = reader.text('gen_ai.data_source.id', 'aws.bedrock.knowledge_base.id', 'aws.bedrock.data_source.id')
  const list = reader.json('gen_ai.retrieval.documents')
  reader.value('gen_ai.retrieval.top_k', 'gen_ai.request.top_k')
  const documents = isJsonArray(list) ? list.map(readDocument) : []
  return {
    kind: 'documents',
    query: reader.held(['gen_ai.retrieval.query.text']),
    ...(dataSource === undefined ? {} : { dataSource }),
    // A retrieval whose documents were left out still shows that something entered.
    documents: list === undefined ? [{ content: OMITTED }] : documents,
  }
}

function readInvocation(reader: AttributeReader, operation: string, context: GenAiContext): readonly Act[] {
  const name = reader.text('gen_ai.agent.name', 'gen_ai.workflow.name', 'gen_ai.agent.id') ?? lastWord(context.spanName)
  reader.value('gen_ai.agent.id')
  reader.value('gen_ai.agent.description')
  reader.value('gen_ai.provider.name', 'gen_ai.system')
  reader.value('gen_ai.request.model', 'gen_ai.response.model')
  reader.value('gen_ai.response.finish_reasons')
  reader.value('gen_ai.system_instructions')
  readUsage(reader)
  const input = wholeText(reader, 'gen_ai.input.messages')
  const output = wholeText(reader, 'gen_ai.output.messages')
  const definitions = readDefinitions(reader.json('gen_ai.tool.definitions'))
  return [
    {
      kind: 'invocation',
      operation,
      name,
      input: input ?? spoken(context.input),
      output: output ?? spoken(context.output),
      ...(context.error === undefined ? {} : { error: context.error }),
    },
    ...(definitions.length === 0 ? [] : [{ kind: 'definitions', definitions } as const]),
  ]
}

/** What an agent was asked or answered: the text itself where it is one message of text, else the list as sent. */
function wholeText(reader: AttributeReader, key: string): Held | undefined {
  const json = reader.json(key)
  if (json === undefined) return undefined
  const only = onlyText(readMessages(json, 'user'))
  return only === undefined ? reader.held([key]) : { value: only }
}

function spoken(heard: Heard | undefined): Held {
  if (heard === undefined || typeof heard === 'string') return { absent: heard ?? 'instrumentation-omits' }
  const only = onlyText(heard)
  if (only !== undefined) return { value: only }
  return { value: heard.map((message) => ({ role: message.role, parts: message.parts.map(partJson) })) }
}

function partJson(part: Part): Json {
  switch (part.kind) {
    case 'text':
    case 'reasoning':
      return { type: part.kind, content: part.text }
    case 'tool-request':
      return { type: 'tool_call', id: part.callId ?? null, name: part.name ?? null, arguments: jsonOf(part.arguments) }
    case 'tool-response':
      return { type: 'tool_call_response', id: part.callId ?? null, response: jsonOf(part.result) }
    case 'other':
      return part.value
  }
}

function jsonOf(piece: Held): Json {
  return 'value' in piece ? piece.value : null
}

function onlyText(messages: readonly Message[]): string | undefined {
  const spoken = messages.filter((message) => message.role !== 'system')
  const [message] = spoken
  const [part] = message?.parts ?? []
  return spoken.length === 1 && message?.parts.length === 1 && part?.kind === 'text' ? part.text : undefined
}

function readMemory(reader: AttributeReader, operation: string): Act {
  const store = reader.text('gen_ai.memory.store.id', 'gen_ai.memory.id')
  const record = reader.text('gen_ai.memory.record.id')
  reader.value('gen_ai.memory.record.count')
  const isRead = operation === 'search_memory'
  return {
    kind: 'memory',
    operation: isRead ? 'read' : operation === 'delete_memory' ? 'delete' : 'write',
    ...(store === undefined ? {} : { store }),
    ...(record === undefined ? {} : { record }),
    content: reader.held(['gen_ai.memory.records', 'gen_ai.memory.query.text']),
  }
}

function lastWord(spanName: string): string {
  // Span names of the standard are `{operation} {name}`.
  const space = spanName.indexOf(' ')
  return space === -1 ? spanName : spanName.slice(space + 1)
}
