import { field, isJsonArray, textField } from '../decode/any-value.ts'
import type { SpanRecord } from '../decode/records.ts'
import { OMITTED } from './act.ts'
import type { Act, Held, Part } from './act.ts'
import type { AttributeReader } from './attribute-reader.ts'
import type { Dialect, Reading } from './dialect.ts'
import { errorOf } from './genai.ts'
import { memberOf, readGenAiSpan } from './otel-genai.ts'
import { readToolCall } from './parts.ts'
import { messagesOfRequest } from './provider-bodies.ts'

/**
 * Mastra's OTel exporter: GenAI names and `mastra.span.type`. The messages and the tool requests of a model call stand
 * in its step span, `model_step`; the inner `chat` span has the text of the answer at most. So the step is the call,
 * unless the chat span carries the messages itself.
 */
export const mastra: Dialect = {
  name: 'mastra',
  recognises: ({ record, scope }) => record.attributes.has('mastra.span.type') || scope.name.startsWith('@mastra/'),
  read: ({ record }, reader) => (record.kind === 'span' ? readSpan(record, reader) : { acts: [] }),
}

function readSpan(record: SpanRecord, reader: AttributeReader): Reading {
  const type = (reader.text('mastra.span.type') ?? '').toLowerCase()
  const metadata = { model: reader.json('mastra.metadata.modelMetadata'), body: reader.json('mastra.metadata.body') }
  const input = reader.json(`mastra.${type}.input`)
  const output = reader.json(`mastra.${type}.output`)
  reader.under('mastra.')
  reader.value('gen_ai.usage.reasoning_tokens')
  switch (type) {
    case 'model_step': {
      const error = errorOf(record, reader)
      const provider = textField(metadata.model, 'modelProvider')
      const requestModel = textField(metadata.model, 'modelId')
      const responseModel = textField(metadata.body, 'model')
      const responseId = textField(metadata.body, 'id')
      const call: Act = {
        kind: 'inference',
        operation: 'chat',
        ...(provider === undefined ? {} : { provider }),
        ...(requestModel === undefined ? {} : { requestModel }),
        ...(responseModel === undefined ? {} : { responseModel }),
        ...(responseId === undefined ? {} : { responseId }),
        finishReasons: [],
        usage: usageOf(field(metadata.body, 'usage')),
        ...(error === undefined ? {} : { error }),
        input: messagesOfRequest(input) ?? 'instrumentation-omits',
        output: answer(output),
      }
      return { acts: [call], ...memberOf(reader) }
    }
    case 'model_inference':
      if (!reader.has('gen_ai.input.messages')) {
        // The step above it is the call; reading the rest keeps it from counting as unmapped.
        readGenAiSpan(record, reader)
        return { acts: [], ...memberOf(reader) }
      }
      return readGenAiSpan(record, reader)
    case 'agent_run': {
      const reading = readGenAiSpan(record, reader)
      const [act, ...rest] = reading.acts
      if (act?.kind !== 'invocation') return reading
      const asked = typeof input === 'string' ? { value: input } : act.input
      return { ...reading, acts: [{ ...act, input: asked, output: textOf(output, act.output) }, ...rest] }
    }
  }
  return readGenAiSpan(record, reader)
}

function answer(json: ReturnType<AttributeReader['json']>): Extract<Act, { readonly kind: 'inference' }>['output'] {
  if (json === undefined) return 'instrumentation-omits'
  const calls = field(json, 'toolCalls')
  const text = textField(json, 'text')
  const reasoning = textField(json, 'reasoningText')
  const parts: Part[] = []
  if (reasoning !== undefined) parts.push({ kind: 'reasoning', text: reasoning })
  if (text !== undefined) parts.push({ kind: 'text', text })
  if (isJsonArray(calls)) for (const call of calls) parts.push(readToolCall(call))
  return [{ role: 'assistant', parts }]
}

function usageOf(usage: ReturnType<AttributeReader['json']>): Extract<Act, { readonly kind: 'inference' }>['usage'] {
  const inputTokens = field(usage, 'prompt_tokens', 'input_tokens', 'inputTokens')
  const outputTokens = field(usage, 'completion_tokens', 'output_tokens', 'outputTokens')
  return {
    ...(typeof inputTokens === 'number' ? { inputTokens } : {}),
    ...(typeof outputTokens === 'number' ? { outputTokens } : {}),
  }
}

function textOf(json: ReturnType<AttributeReader['json']>, otherwise: Held): Held {
  const text = textField(json, 'text')
  if (text !== undefined) return { value: text }
  return json === undefined ? otherwise : json === null ? OMITTED : { value: json }
}
