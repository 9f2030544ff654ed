import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import type { SpanRecord } from '../decode/records.ts'
import { held, OMITTED } from './act.ts'
import type { Act, Definition, Document, Held } from './act.ts'
import type { AttributeReader } from './attribute-reader.ts'
import type { Dialect, Reading } from './dialect.ts'
import { errorOf, readUsage } from './genai.ts'
import { readDefinitions, readDocument } from './items.ts'
import { readMessage } from './messages.ts'
import { plainResult } from './parts.ts'
import { lastText, messagesOfRequest, messagesOfResponse } from './provider-bodies.ts'

/**
 * LangSmith's OTel export: a run's whole inputs and outputs as JSON in `gen_ai.prompt` and `gen_ai.completion`.
 * `langsmith.trace.session_id` and `.session_name` name the project, not the conversation.
 */
export const langSmith: Dialect = {
  name: 'langsmith',
  recognises: ({ record }) =>
    record.kind === 'span' &&
    (record.attributes.has('langsmith.span.kind') || record.attributes.has('langsmith.trace.name')),
  read: ({ record }, reader) => (record.kind === 'span' ? readSpan(record, reader) : { acts: [] }),
}

function readSpan(record: SpanRecord, reader: AttributeReader): Reading {
  const kind = reader.text('langsmith.span.kind') ?? ''
  const name = reader.text('langsmith.trace.name') ?? record.name
  // Provider and model settings are told by `gen_ai.*` as well; the rest names the project and the run.
  reader.under('langsmith.')
  reader.value('gen_ai.operation.name')
  const input = reader.json('gen_ai.prompt')
  const output = reader.json('gen_ai.completion')
  const error = errorOf(record, reader)
  const isRoot = record.parentSpan === undefined
  const member = isRoot && kind === 'chain' ? { member: name } : {}
  return { acts: readKind({ kind, name, input, output, error, isRoot }, reader), ...member, stepName: name }
}

type Run = {
  readonly kind: string
  readonly name: string
  readonly input: Json | undefined
  readonly output: Json | undefined
  readonly error: string | undefined
  readonly isRoot: boolean
}

function readKind(run: Run, reader: AttributeReader): readonly Act[] {
  const failed = run.error === undefined ? {} : { error: run.error }
  switch (run.kind) {
    case 'llm':
      return readInference(run, reader)
    case 'tool': {
      const answer = toolAnswer(run.output)
      return [{ kind: 'tool', name: run.name, ...answer, arguments: held(onlyField(run.input, 'input')), ...failed }]
    }
    case 'retriever':
      return [
        {
          kind: 'documents',
          query: held(onlyField(run.input, 'query', 'input')),
          documents: readDocuments(run.output),
        },
      ]
    case 'embedding': {
      const model = reader.text('gen_ai.request.model')
      const input = messagesOfRequest(run.input)
      const shared = {
        kind: 'inference',
        operation: 'embeddings',
        finishReasons: [],
        usage: readUsage(reader),
        output: [],
      } as const
      return [
        {
          ...shared,
          ...(model === undefined ? {} : { requestModel: model }),
          input: input ?? 'instrumentation-omits',
          ...failed,
        },
      ]
    }
    case 'chain':
      reader.value('gen_ai.system')
      return run.isRoot
        ? [
            {
              kind: 'invocation',
              operation: 'invoke_agent',
              name: run.name,
              input: textOrWhole(run.input),
              output: textOrWhole(run.output),
              ...failed,
            },
          ]
        : []
  }
  return []
}

function readInference(run: Run, reader: AttributeReader): readonly Act[] {
  // `gen_ai.system` is the framework here; the provider stands in the metadata.
  const provider = reader.text('langsmith.metadata.ls_provider', 'gen_ai.system')
  const requestModel = reader.text('gen_ai.request.model')
  const responseModel = reader.text('gen_ai.response.model')
  const responseId = reader.text('gen_ai.response.id')
  reader.under('gen_ai.response.')
  const usage = readUsage(reader)
  reader.under('gen_ai.usage.')
  const definitions: readonly Definition[] = readDefinitions(field(run.input, 'tools'))
  return [
    {
      kind: 'inference',
      operation: 'chat',
      ...(provider === undefined ? {} : { provider }),
      ...(requestModel === undefined ? {} : { requestModel }),
      ...(responseModel === undefined ? {} : { responseModel }),
      ...(responseId === undefined ? {} : { responseId }),
      finishReasons: reader.texts('gen_ai.response.finish_reasons'),
      usage,
      ...(run.error === undefined ? {} : { error: run.error }),
      input: messagesOfRequest(run.input) ?? 'instrumentation-omits',
      output: messagesOfResponse(run.output) ?? 'instrumentation-omits',
    },
    ...(definitions.length === 0 ? [] : [{ kind: 'definitions', definitions } as const]),
  ]
}

/** A tool run ends in its value, in `{output}`, or in a LangChain ToolMessage, which names the call. */
function toolAnswer(output: Json | undefined): { readonly callId?: string; readonly result: Held } {
  const inner = onlyField(output, 'output', 'outputs')
  if (isJsonObject(inner) && isJsonArray(field(inner, 'id')) && field(inner, 'kwargs') !== undefined) {
    const [part] = readMessage(inner, 'tool').parts
    if (part?.kind === 'tool-response')
      return { ...(part.callId === undefined ? {} : { callId: part.callId }), result: part.result }
  }
  return { result: inner === undefined ? OMITTED : { value: plainResult(inner) } }
}

function readDocuments(output: Json | undefined): readonly Document[] {
  const list = onlyField(output, 'outputs', 'output', 'documents')
  if (list === undefined) return [{ content: OMITTED }]
  return (isJsonArray(list) ? list : [list]).map((item) => {
    const kwargs = field(item, 'kwargs') ?? item
    const document = readDocument(kwargs)
    const metadata = field(kwargs, 'metadata')
    const origin = document.origin ?? textField(metadata, 'id', 'source')
    const uri = document.uri ?? textField(metadata, 'source', 'url')
    return { ...document, ...(origin === undefined ? {} : { origin }), ...(uri === undefined ? {} : { uri }) }
  })
}

/** The named field where the value is an object of that field alone, else the value: how runs wrap a bare value. */
function onlyField(json: Json | undefined, ...names: readonly string[]): Json | undefined {
  if (!isJsonObject(json) || Object.keys(json).length !== 1) return json
  return field(json, ...names) ?? json
}

function textOrWhole(json: Json | undefined): Held {
  const text = lastText(messagesOfRequest(json) ?? messagesOfResponse(json)) ?? lastText(messagesOfResponse(json))
  return text === undefined ? held(json) : { value: text }
}
