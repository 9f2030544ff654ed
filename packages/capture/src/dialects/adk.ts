import { isJsonObject, field } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import type { SpanRecord } from '../decode/records.ts'
import { OMITTED } from './act.ts'
import type { Act, Held } from './act.ts'
import type { AttributeReader } from './attribute-reader.ts'
import type { Dialect, Reading } from './dialect.ts'
import { readDefinitions } from './items.ts'
import { readGenAiLog, readGenAiSpan } from './otel-genai.ts'
import { messagesOfRequest, messagesOfResponse } from './provider-bodies.ts'

/**
 * Google Agent Development Kit: GenAI names, with contents as Gemini requests and responses in `gcp.vertex.agent.*`.
 * Where capture is off it sends the text `{}`, which means that nothing was captured, not that nothing was said.
 */
export const adk: Dialect = {
  name: 'adk',
  recognises: ({ record, scope }) =>
    scope.name === 'gcp.vertex.agent' || record.attributes.has('gcp.vertex.agent.invocation_id'),
  read: ({ record }, reader) => (record.kind === 'span' ? readSpan(record, reader) : readGenAiLog(record, reader)),
}

function readSpan(record: SpanRecord, reader: AttributeReader): Reading {
  for (const key of ['gcp.vertex.agent.invocation_id', 'gcp.vertex.agent.event_id', 'gcp.mcp.server.destination.id'])
    reader.value(key)
  const request = captured(reader.json('gcp.vertex.agent.llm_request'))
  const response = captured(reader.json('gcp.vertex.agent.llm_response'))
  const isCall = record.name === 'call_llm' || (request !== undefined && !reader.has('gen_ai.tool.name'))
  const isTool = record.name.startsWith('execute_tool') || reader.has('gen_ai.tool.name')
  const reading = readGenAiSpan(record, reader, {
    ...(isCall ? { operation: 'chat' } : isTool ? { operation: 'execute_tool' } : {}),
    // The agent's own span has no field for contents; those of its calls are told by their spans.
    input: isCall ? (messagesOfRequest(request) ?? 'instrumentation-omits') : 'dialect-has-no-field',
    output: isCall ? (messagesOfResponse(response) ?? 'instrumentation-omits') : 'dialect-has-no-field',
    toolArguments: toolContent(reader, 'gcp.vertex.agent.tool_call_args'),
    toolResult: toolContent(reader, 'gcp.vertex.agent.tool_response'),
  })
  const definitions = readDefinitions(field(field(request, 'config'), 'tools'))
  const defined: readonly Act[] = definitions.length === 0 ? [] : [{ kind: 'definitions', definitions }]
  return { ...reading, acts: [...reading.acts, ...defined] }
}

function captured(json: Json | undefined): Json | undefined {
  return isEmpty(json) ? undefined : json
}

function toolContent(reader: AttributeReader, key: string): Held {
  const json = reader.json(key)
  return json === undefined || isEmpty(json) || json === '<not specified>' ? OMITTED : reader.held([key])
}

function isEmpty(json: Json | undefined): boolean {
  return isJsonObject(json) && Object.keys(json).length === 0
}
