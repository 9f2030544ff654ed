import { field, isJsonArray } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { parseJsonStructure } from '../decode/json-text.ts'
import type { SpanRecord } from '../decode/records.ts'
import { held, OMITTED } from './act.ts'
import type { Act, Held, Message, Part } from './act.ts'
import { readRerank } from './ai-sdk-v7.ts'
import type { AttributeReader } from './attribute-reader.ts'
import type { Dialect, Reading } from './dialect.ts'
import { errorOf, readUsage } from './genai.ts'
import { readDefinitions } from './items.ts'
import { readToolCall } from './parts.ts'
import { lastText, messagesOfRequest } from './provider-bodies.ts'

/**
 * Vercel AI SDK up to 6 and its LegacyOpenTelemetry: `ai.*`. The outer span (`ai.generateText`) repeats what the inner
 * one (`ai.generateText.doGenerate`) says; the inner is the model call, the outer an invocation, so nothing is doubled.
 */
export const aiSdkLegacy: Dialect = {
  name: 'ai-sdk-legacy',
  recognises: ({ record, scope }) =>
    record.kind === 'span' && (scope.name === 'ai' || record.attributes.has('ai.operationId')),
  read: ({ record }, reader) => (record.kind === 'span' ? readSpan(record, reader) : { acts: [] }),
}

function readSpan(record: SpanRecord, reader: AttributeReader): Reading {
  const operation = reader.text('ai.operationId') ?? record.name
  const member = reader.text('ai.telemetry.functionId')
  reader.value('resource.name')
  reader.under('ai.telemetry.metadata.')
  reader.under('ai.settings.')
  const error = errorOf(record, reader)
  return {
    acts: readOperation(operation, member, reader, error),
    ...(member === undefined ? {} : { member }),
    stepName: operation,
  }
}

function readOperation(
  operation: string,
  member: string | undefined,
  reader: AttributeReader,
  error: string | undefined,
): readonly Act[] {
  const failed = error === undefined ? {} : { error }
  if (operation === 'ai.toolCall') {
    const callId = reader.text('ai.toolCall.id')
    return [
      {
        kind: 'tool',
        name: reader.text('ai.toolCall.name') ?? 'unknown',
        ...(callId === undefined ? {} : { callId }),
        arguments: reader.held(['ai.toolCall.args', 'ai.toolCall.input']),
        result: reader.held(['ai.toolCall.result', 'ai.toolCall.output']),
        ...failed,
      },
    ]
  }
  if (/\.do(Generate|Stream)$/.test(operation)) return readInference(reader, error)
  if (operation.endsWith('.doEmbed')) return [readEmbedding(reader, error)]
  if (operation.startsWith('ai.rerank')) return operation === 'ai.rerank' ? readRerank(reader) : []
  if (/^ai\.(generate|stream)(Text|Object)$/.test(operation)) {
    readModel(reader)
    return [
      {
        kind: 'invocation',
        operation,
        name: member ?? operation,
        input: readPrompt(reader),
        output: readAnswer(reader),
        ...failed,
      },
    ]
  }
  return []
}

function readInference(reader: AttributeReader, error: string | undefined): readonly Act[] {
  const messages = messagesOfRequest(reader.json('ai.prompt.messages', 'ai.prompt'))
  const tools = reader.json('ai.prompt.tools')
  reader.value('ai.prompt.toolChoice')
  // Each definition is a JSON text of its own.
  const definitions = readDefinitions(
    isJsonArray(tools)
      ? tools.map((tool) => (typeof tool === 'string' ? (parseJsonStructure(tool) ?? tool) : tool))
      : [],
  )
  const output = readOutput(reader)
  return [
    {
      kind: 'inference',
      operation: 'chat',
      ...readModel(reader),
      ...(error === undefined ? {} : { error }),
      input: messages ?? 'instrumentation-omits',
      output: output.length === 0 ? 'instrumentation-omits' : output,
    },
    ...(definitions.length === 0 ? [] : [{ kind: 'definitions', definitions } as const]),
  ]
}

function readModel(
  reader: AttributeReader,
): Omit<Extract<Act, { readonly kind: 'inference' }>, 'kind' | 'operation' | 'input' | 'output' | 'error'> {
  const provider = reader.text('gen_ai.system', 'ai.model.provider')
  const requestModel = reader.text('gen_ai.request.model', 'ai.model.id')
  const responseModel = reader.text('gen_ai.response.model', 'ai.response.model')
  const responseId = reader.text('gen_ai.response.id', 'ai.response.id')
  const usage = readUsage(reader)
  const inputTokens = usage.inputTokens ?? reader.number('ai.usage.inputTokens', 'ai.usage.promptTokens')
  const outputTokens = usage.outputTokens ?? reader.number('ai.usage.outputTokens', 'ai.usage.completionTokens')
  const cacheReadTokens =
    usage.cacheReadTokens ?? reader.number('ai.usage.cachedInputTokens', 'ai.usage.inputTokenDetails.cacheReadTokens')
  reader.under('ai.usage.')
  reader.value('ai.response.providerMetadata')
  reader.value('ai.response.timestamp')
  return {
    ...(provider === undefined ? {} : { provider }),
    ...(requestModel === undefined ? {} : { requestModel }),
    ...(responseModel === undefined ? {} : { responseModel }),
    ...(responseId === undefined ? {} : { responseId }),
    finishReasons: reader.texts('gen_ai.response.finish_reasons', 'ai.response.finishReason', 'ai.finishReason'),
    usage: {
      ...(inputTokens === undefined ? {} : { inputTokens }),
      ...(outputTokens === undefined ? {} : { outputTokens }),
      ...(cacheReadTokens === undefined ? {} : { cacheReadTokens }),
    },
  }
}

function readOutput(reader: AttributeReader): readonly Message[] {
  const parts: Part[] = []
  const reasoning = reader.text('ai.response.reasoning')
  if (reasoning !== undefined) parts.push({ kind: 'reasoning', text: reasoning })
  const text = reader.text('ai.response.text', 'ai.result.text', 'ai.response.object', 'ai.result.object')
  if (text !== undefined) parts.push({ kind: 'text', text })
  const calls = reader.json('ai.response.toolCalls', 'ai.result.toolCalls')
  if (isJsonArray(calls)) for (const call of calls) parts.push(readToolCall(call))
  return parts.length === 0 ? [] : [{ role: 'assistant', parts }]
}

function readEmbedding(reader: AttributeReader, error: string | undefined): Act {
  const values = reader.texts('ai.values', 'ai.value')
  reader.value('ai.embeddings', 'ai.embedding')
  return {
    kind: 'inference',
    operation: 'embeddings',
    ...readModel(reader),
    ...(error === undefined ? {} : { error }),
    input:
      values.length === 0
        ? 'instrumentation-omits'
        : values.map((text) => ({ role: 'user', parts: [{ kind: 'text', text: unquoted(text) }] })),
    output: [],
  }
}

/** What the author passed in: `{system, prompt}` or `{system, messages}`; the last text of it is what was asked. */
function readPrompt(reader: AttributeReader): Held {
  const json = reader.json('ai.prompt')
  const asked = field(json, 'prompt')
  const last = typeof asked === 'string' ? asked : lastText(messagesOfRequest(json))
  return last === undefined ? held(json, OMITTED) : { value: last }
}

function readAnswer(reader: AttributeReader): Held {
  const text = reader.text('ai.response.text', 'ai.response.object')
  const calls = reader.json('ai.response.toolCalls')
  return held(text ?? calls)
}

function unquoted(text: string): Json & string {
  // Values are sent as JSON texts: `"hello"`.
  return /^".*"$/s.test(text) ? text.slice(1, -1) : text
}
