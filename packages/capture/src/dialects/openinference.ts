import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { parseJsonStructure } from '../decode/json-text.ts'
import type { SpanRecord } from '../decode/records.ts'
import { held, NO_FIELD, OMITTED } from './act.ts'
import type { Act, Document, Held } from './act.ts'
import type { AttributeReader } from './attribute-reader.ts'
import type { Dialect, Reading } from './dialect.ts'
import { errorOf } from './genai.ts'
import { readDefinitions } from './items.ts'
import { asJson, asText, indexed } from './indexed.ts'
import type { FlatMap } from './indexed.ts'
import { readMessage } from './messages.ts'
import { flatMessages, fuller, promptsOf, toolSpecs } from './openinference-messages.ts'
import { plainResult } from './parts.ts'
import { lastText, messagesOfRequest, messagesOfResponse } from './provider-bodies.ts'

/** OpenInference (Arize): messages, documents and tools flattened into indexed attributes. */
export const openInference: Dialect = {
  name: 'openinference',
  recognises: ({ record }) => record.kind === 'span' && record.attributes.has('openinference.span.kind'),
  read: ({ record }, reader) => (record.kind === 'span' ? readSpan(record, reader) : { acts: [] }),
}

function readSpan(record: SpanRecord, reader: AttributeReader): Reading {
  const kind = (reader.text('openinference.span.kind') ?? '').toUpperCase()
  const member = reader.text('agent.name')
  const error = errorOf(record, reader)
  for (const key of [
    'input.mime_type',
    'output.mime_type',
    'metadata',
    'tag.tags',
    'graph.node.id',
    'graph.node.name',
    'graph.node.parent_id',
  ])
    reader.value(key)
  const named =
    member ??
    (kind === 'CHAIN' && record.parentSpan === undefined && !GENERIC.has(record.name) ? record.name : undefined)
  return { acts: readKind(kind, record, reader, error), ...(named === undefined ? {} : { member: named }) }
}

/** Names that LangChain gives to what its author did not name. */
const GENERIC: ReadonlySet<string> = new Set([
  'LangGraph',
  'RunnableSequence',
  'RunnableLambda',
  'RunnableMap',
  'AgentExecutor',
])

function readKind(
  kind: string,
  record: SpanRecord,
  reader: AttributeReader,
  error: string | undefined,
): readonly Act[] {
  switch (kind) {
    case 'LLM':
      return [...readInference(reader, error), ...readTemplate(reader)]
    case 'TOOL':
      return [readTool(record, reader, error)]
    case 'RETRIEVER':
      return [readDocuments(reader, 'retrieval.documents.')]
    case 'RERANKER':
      reader.under('reranker.input_documents.')
      return [readDocuments(reader, 'reranker.output_documents.')]
    case 'EMBEDDING':
      return [readEmbedding(reader, error)]
    case 'AGENT':
      return [readInvocation(record, reader, error)]
    case 'GUARDRAIL':
      return [
        {
          kind: 'guardrail',
          name: record.name,
          verdict: reader.text('output.value') ?? 'unknown',
          detail: reader.held(['input.value'], NO_FIELD),
        },
      ]
    case 'PROMPT':
      return readTemplate(reader)
  }
  reader.value('input.value')
  reader.value('output.value')
  // The outermost chain is the agent's work as a whole; inner chains only repeat its state.
  return record.parentSpan === undefined ? [readInvocation(record, reader, error)] : []
}

function readInference(reader: AttributeReader, error: string | undefined): readonly Act[] {
  const model = reader.text('llm.model_name')
  const provider = reader.text('llm.provider', 'llm.system')
  const inputTokens = reader.number('llm.token_count.prompt')
  const outputTokens = reader.number('llm.token_count.completion')
  const cacheReadTokens = reader.number('llm.token_count.prompt_details.cache_read')
  const cacheWriteTokens = reader.number('llm.token_count.prompt_details.cache_write')
  reader.under('llm.token_count.')
  reader.value('llm.invocation_parameters')
  const inputBody = messagesOfRequest(reader.json('input.value'))
  const outputBody = messagesOfResponse(reader.json('output.value'))
  const definitions = readDefinitions(toolSpecs(reader))
  return [
    {
      kind: 'inference',
      operation: 'chat',
      ...(provider === undefined ? {} : { provider }),
      ...(model === undefined ? {} : { requestModel: model }),
      finishReasons: reader.texts('llm.finish_reason'),
      usage: {
        ...(inputTokens === undefined ? {} : { inputTokens }),
        ...(outputTokens === undefined ? {} : { outputTokens }),
        ...(cacheReadTokens === undefined ? {} : { cacheReadTokens }),
        ...(cacheWriteTokens === undefined ? {} : { cacheWriteTokens }),
      },
      ...(error === undefined ? {} : { error }),
      input: fuller(flatMessages(reader, 'llm.input_messages.', 'user') ?? promptsOf(reader), inputBody),
      output: fuller(flatMessages(reader, 'llm.output_messages.', 'assistant'), outputBody),
    },
    ...(definitions.length === 0 ? [] : [{ kind: 'definitions', definitions } as const]),
  ]
}

function readTool(record: SpanRecord, reader: AttributeReader, error: string | undefined): Act {
  const output = reader.json('output.value')
  // LangChain's tools answer with a ToolMessage, which names the call.
  const wrapped = field(output, 'output') ?? output
  const answer =
    isJsonObject(wrapped) && isJsonArray(field(wrapped, 'id')) ? readMessage(wrapped, 'tool').parts[0] : undefined
  const callId =
    reader.text('tool_call.id', 'tool.call_id', 'tool.id') ??
    (answer?.kind === 'tool-response' ? answer.callId : undefined)
  reader.value('tool.description')
  reader.value('tool.json_schema')
  reader.under('tool.')
  const result =
    answer?.kind === 'tool-response' ? answer.result : output === undefined ? OMITTED : reader.held(['output.value'])
  return {
    kind: 'tool',
    name: reader.text('tool.name') ?? record.name,
    ...(callId === undefined ? {} : { callId }),
    arguments: toolArguments(reader),
    result: 'value' in result ? { value: plainResult(result.value) } : result,
    ...(error === undefined ? {} : { error }),
  }
}

/** `tool.parameters` is the arguments with one writer and their schema with another; the input is always the arguments. */
function toolArguments(reader: AttributeReader): Held {
  const input = reader.held(['input.value'])
  const parameters = reader.held(['tool_call.function.arguments', 'tool.parameters'])
  return 'value' in input ? input : parameters
}

function readDocuments(reader: AttributeReader, prefix: string): Act {
  const documents = indexed(reader.under(prefix)).map(flatDocument)
  const query = reader.held(['reranker.query', 'input.value'])
  const body = field(reader.json('output.value'), 'documents')
  const bodies = isJsonArray(body) ? body : []
  const full = documents.map((document, at) => withOrigin(document, bodies[at]))
  return {
    kind: 'documents',
    query,
    documents: full.length === 0 && bodies.length === 0 ? [{ content: OMITTED }] : full,
  }
}

function flatDocument(item: FlatMap): Document {
  const metadataText = item.get('document.metadata')
  const metadata = typeof metadataText === 'string' ? parseJsonStructure(metadataText) : asJson(metadataText)
  const origin = asText(item.get('document.id'))[0] ?? textField(metadata, 'id', 'doc_id', 'document_id')
  const uri = textField(metadata, 'uri', 'url', 'source', 'file_path')
  const version = textField(metadata, 'version')
  const score = item.get('document.score')
  return {
    ...(origin === undefined ? {} : { origin }),
    ...(uri === undefined ? {} : { uri }),
    ...(version === undefined ? {} : { version }),
    ...(typeof score === 'number' ? { score } : {}),
    content: held(asJson(item.get('document.content'))),
  }
}

function withOrigin(document: Document, body: Json | undefined): Document {
  const id = document.origin ?? textField(body, 'id') ?? document.uri
  return id === undefined ? document : { ...document, origin: id }
}

function readEmbedding(reader: AttributeReader, error: string | undefined): Act {
  const model = reader.text('embedding.model_name')
  const texts = indexed(reader.under('embedding.embeddings.')).flatMap((item) => asText(item.get('embedding.text')))
  return {
    kind: 'inference',
    operation: 'embeddings',
    ...(model === undefined ? {} : { requestModel: model }),
    finishReasons: [],
    usage: {},
    ...(error === undefined ? {} : { error }),
    input:
      texts.length === 0
        ? 'instrumentation-omits'
        : texts.map((text) => ({ role: 'user', parts: [{ kind: 'text', text }] })),
    output: [],
  }
}

function readInvocation(record: SpanRecord, reader: AttributeReader, error: string | undefined): Act {
  const input = lastText(messagesOfRequest(reader.json('input.value')))
  const output = lastText(messagesOfResponse(reader.json('output.value')))
  return {
    kind: 'invocation',
    operation: 'invoke_agent',
    name: reader.text('agent.name') ?? record.name,
    input: input === undefined ? reader.held(['input.value']) : { value: input },
    output: output === undefined ? reader.held(['output.value']) : { value: output },
    ...(error === undefined ? {} : { error }),
  }
}

function readTemplate(reader: AttributeReader): readonly Act[] {
  const template = reader.text('llm.prompt_template.template', 'prompt.template')
  const version = reader.text('llm.prompt_template.version', 'prompt.version')
  const origin = reader.text('prompt.id', 'prompt.name')
  reader.value('llm.prompt_template.variables')
  if (template === undefined && origin === undefined) return []
  const document = {
    ...(origin === undefined ? {} : { origin }),
    ...(version === undefined ? {} : { version }),
    content: held(template, OMITTED),
  }
  return [{ kind: 'documents', query: NO_FIELD, dataSource: 'prompt-template', documents: [document] }]
}
