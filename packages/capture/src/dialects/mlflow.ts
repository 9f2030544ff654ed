import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { parseJsonText } from '../decode/json-text.ts'
import type { SpanRecord } from '../decode/records.ts'
import { held, OMITTED } from './act.ts'
import type { Act, Document, Held } from './act.ts'
import type { AttributeReader } from './attribute-reader.ts'
import type { Dialect, Reading } from './dialect.ts'
import { errorOf, readUsage } from './genai.ts'
import { readDefinitions, readDocument } from './items.ts'
import { plainResult } from './parts.ts'
import { lastText, messagesOfRequest, messagesOfResponse } from './provider-bodies.ts'

/** MLflow Tracing: inputs and outputs of a function as JSON text, typed by `mlflow.spanType`. */
export const mlflow: Dialect = {
  name: 'mlflow',
  recognises: ({ record }) =>
    record.kind === 'span' && (record.attributes.has('mlflow.spanType') || record.attributes.has('mlflow.spanInputs')),
  read: ({ record }, reader) => (record.kind === 'span' ? readSpan(record, reader) : { acts: [] }),
}

function readSpan(record: SpanRecord, reader: AttributeReader): Reading {
  const type = decoded(reader, 'mlflow.spanType')
  const kind = typeof type === 'string' ? type.toUpperCase() : ''
  const input = decoded(reader, 'mlflow.spanInputs')
  const output = decoded(reader, 'mlflow.spanOutputs')
  const name = textOf(decoded(reader, 'mlflow.spanFunctionName')) ?? record.name
  const error = errorOf(record, reader)
  const session = textOf(decoded(reader, 'mlflow.trace.session'))
  const usage = decoded(reader, 'mlflow.chat.tokenUsage')
  const tools = decoded(reader, 'mlflow.chat.tools')
  const model = textOf(decoded(reader, 'mlflow.llm.model'))
  const provider = textOf(decoded(reader, 'mlflow.llm.provider'))
  reader.under('mlflow.')
  // Autologging repeats parts of the inputs under bare names.
  for (const key of ['model', 'tools', 'messages', 'temperature', 'stream']) reader.value(key)
  const acts = readKind(
    { kind, name: kind === 'AGENT' ? record.name : name, record, input, output, usage, tools, model, provider, error },
    reader,
  )
  return {
    acts,
    ...(kind === 'AGENT' ? { member: record.name } : {}),
    ...(session === undefined ? {} : { conversation: session }),
  }
}

type MlflowSpan = {
  readonly kind: string
  readonly name: string
  readonly record: SpanRecord
  readonly input: Json | undefined
  readonly output: Json | undefined
  readonly usage: Json | undefined
  readonly tools: Json | undefined
  readonly model: string | undefined
  readonly provider: string | undefined
  readonly error: string | undefined
}

function readKind(span: MlflowSpan, reader: AttributeReader): readonly Act[] {
  const failed = span.error === undefined ? {} : { error: span.error }
  switch (span.kind) {
    case 'LLM':
    case 'CHAT_MODEL':
      return readInference(span, reader)
    case 'EMBEDDING':
      return [{ ...inference(span, reader), operation: 'embeddings', output: [] }]
    case 'TOOL': {
      const callId = textField(span.output, 'tool_call_id')
      return [
        {
          kind: 'tool',
          name: span.record.name,
          ...(callId === undefined ? {} : { callId }),
          arguments: held(span.input),
          result:
            span.output === undefined
              ? OMITTED
              : {
                  value: plainResult(
                    field(span.output, 'content') !== undefined && callId !== undefined
                      ? (field(span.output, 'content') ?? null)
                      : span.output,
                  ),
                },
          ...failed,
        },
      ]
    }
    case 'RETRIEVER':
      return [{ kind: 'documents', query: held(onlyText(span.input)), documents: documentsOf(span.output) }]
    case 'AGENT':
      return [
        {
          kind: 'invocation',
          operation: 'invoke_agent',
          name: span.name,
          input: spoken(messagesOfRequest(span.input), span.input),
          output: spoken(messagesOfResponse(span.output), span.output),
          ...failed,
        },
      ]
    case 'CHAIN':
    case 'WORKFLOW':
      if (span.record.parentSpan !== undefined) return []
      return [
        {
          kind: 'invocation',
          operation: 'invoke_workflow',
          name: span.record.name,
          input: held(onlyText(span.input)),
          output: held(onlyText(span.output)),
          ...failed,
        },
      ]
    case 'MEMORY':
      return [{ kind: 'memory', operation: 'read', content: held(span.output) }]
    case 'GUARDRAIL':
      return [
        {
          kind: 'guardrail',
          name: span.record.name,
          verdict: textOf(span.output) ?? 'unknown',
          detail: held(span.input),
        },
      ]
  }
  return []
}

function readInference(span: MlflowSpan, reader: AttributeReader): readonly Act[] {
  const definitions = readDefinitions(span.tools ?? field(span.input, 'tools'))
  return [inference(span, reader), ...(definitions.length === 0 ? [] : [{ kind: 'definitions', definitions } as const])]
}

function inference(span: MlflowSpan, reader: AttributeReader): Extract<Act, { readonly kind: 'inference' }> {
  const requestModel = span.model ?? textField(span.input, 'model')
  const responseModel = textField(span.output, 'model')
  const responseId = textField(span.output, 'id')
  const stated = readUsage(reader)
  const inputTokens =
    stated.inputTokens ??
    numberField(span.usage, 'input_tokens') ??
    numberField(field(span.output, 'usage'), 'prompt_tokens', 'input_tokens')
  const outputTokens =
    stated.outputTokens ??
    numberField(span.usage, 'output_tokens') ??
    numberField(field(span.output, 'usage'), 'completion_tokens', 'output_tokens')
  const choices = field(span.output, 'choices')
  return {
    kind: 'inference',
    operation: 'chat',
    ...(span.provider === undefined ? {} : { provider: span.provider }),
    ...(requestModel === undefined ? {} : { requestModel }),
    ...(responseModel === undefined ? {} : { responseModel }),
    ...(responseId === undefined ? {} : { responseId }),
    finishReasons: isJsonArray(choices) ? choices.flatMap((choice) => textField(choice, 'finish_reason') ?? []) : [],
    usage: {
      ...(inputTokens === undefined ? {} : { inputTokens }),
      ...(outputTokens === undefined ? {} : { outputTokens }),
    },
    ...(span.error === undefined ? {} : { error: span.error }),
    input: messagesOfRequest(span.input) ?? 'instrumentation-omits',
    output: messagesOfResponse(span.output) ?? 'instrumentation-omits',
  }
}

function documentsOf(output: Json | undefined): readonly Document[] {
  if (output === undefined) return [{ content: OMITTED }]
  return (isJsonArray(output) ? output : [output]).map((item) => {
    const document = readDocument(item)
    const metadata = field(item, 'metadata')
    const uri = document.uri ?? textField(metadata, 'doc_uri', 'source')
    const origin = document.origin ?? textField(metadata, 'id', 'chunk_id') ?? uri
    return { ...document, ...(origin === undefined ? {} : { origin }), ...(uri === undefined ? {} : { uri }) }
  })
}

/** Every MLflow attribute is JSON text, also a plain text, which then stands in quotes. */
function decoded(reader: AttributeReader, key: string): Json | undefined {
  const value = reader.json(key)
  return typeof value === 'string' ? (parseJsonText(value) ?? value) : value
}

/** The single value of `{query: '...'}`, which is how a function's arguments are sent. */
function onlyText(json: Json | undefined): Json | undefined {
  if (!isJsonObject(json)) return json
  const values = Object.values(json)
  const [only] = values
  return values.length === 1 && typeof only === 'string' ? only : json
}

function spoken(messages: ReturnType<typeof messagesOfRequest>, whole: Json | undefined): Held {
  const text = lastText(messages)
  return text === undefined ? held(onlyText(whole)) : { value: text }
}

function numberField(json: Json | undefined, ...names: readonly string[]): number | undefined {
  const value = field(json, ...names)
  return typeof value === 'number' ? value : undefined
}

function textOf(json: Json | undefined): string | undefined {
  return typeof json === 'string' && json !== '' ? json : undefined
}
