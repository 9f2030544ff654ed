import type { LogRecord, SpanRecord } from '../decode/records.ts'
import type { Act, Heard } from './act.ts'
import type { AttributeReader } from './attribute-reader.ts'
import type { Dialect, Reading } from './dialect.ts'
import { errorOf, readInference, readOperation } from './genai.ts'
import { readMessageEvent, readSpanMessages, DETAILS_EVENT, isMessageEvent } from './message-events.ts'
import { readGuardrail, readHandoff } from './handoff.ts'
import { messagesOfRequest, messagesOfResponse } from './provider-bodies.ts'

/** OpenTelemetry GenAI in both generations of names, on spans, span events and log events. */
export const otelGenAi: Dialect = {
  name: 'otel-genai',
  recognises: ({ record }) =>
    record.attributes.has('gen_ai.operation.name') ||
    record.attributes.has('gen_ai.system') ||
    record.attributes.has('gen_ai.provider.name') ||
    record.attributes.has('gen_ai.tool.name') ||
    record.attributes.has('gen_ai.handoff.to_agent') ||
    (record.kind === 'log' && record.eventName.startsWith('gen_ai.')),
  read: ({ record }, reader) => (record.kind === 'span' ? readGenAiSpan(record, reader) : readGenAiLog(record, reader)),
}

/** A span with GenAI attributes; other dialects that build on them add their own around it. */
export function readGenAiSpan(
  record: SpanRecord,
  reader: AttributeReader,
  extra: Partial<Parameters<typeof readOperation>[1]> = {},
): Reading {
  const error = errorOf(record, reader)
  const context = {
    spanName: record.name,
    ...(error === undefined ? {} : { error }),
    ...readWholeTexts(reader),
    ...readSpanMessages(record.events),
    ...guessOperation(record, reader),
    ...extra,
  }
  const acts = readOperation(reader, context) ?? []
  return { acts: [...acts, ...readHandoff(reader), ...readGuardrail(reader)], ...memberOf(reader) }
}

/** Before messages had attributes of their own: one attribute with all that was asked, one with all that was answered. */
function readWholeTexts(reader: AttributeReader): { readonly input?: Heard; readonly output?: Heard } {
  const input = messagesOfRequest(reader.json('gen_ai.prompt'))
  const output = messagesOfResponse(reader.json('gen_ai.completion'))
  return { ...(input === undefined ? {} : { input }), ...(output === undefined ? {} : { output }) }
}

/** A log event of the GenAI conventions: one message, or the whole of an inference. */
export function readGenAiLog(record: LogRecord, reader: AttributeReader): Reading {
  const member = memberOf(reader)
  if (record.eventName === DETAILS_EVENT) return { acts: readDetails(record, reader), ...member }
  if (record.eventName === 'gen_ai.client.operation.exception') return { acts: [], stepName: 'exception', ...member }
  if (!isMessageEvent(record.eventName)) return { acts: [], stepName: record.eventName, ...member }
  reader.value('gen_ai.system', 'gen_ai.provider.name')
  for (const key of ['content', 'message', 'tool_calls', 'role', 'id', 'index', 'finish_reason']) reader.value(key)
  const event = readMessageEvent(record.eventName, record.body, record.attributes)
  return { acts: event === undefined ? [] : [{ kind: 'said', ...event }], ...member }
}

/** The details event repeats the span's model, usage and ids, so that without a span it stands for the call. */
function readDetails(record: LogRecord, reader: AttributeReader): readonly Act[] {
  const error = reader.text('error.type')
  const operation = reader.text('gen_ai.operation.name') ?? 'chat'
  const acts = readInference(reader, operation, { spanName: '', ...(error === undefined ? {} : { error }) })
  if (record.span === undefined && operation !== 'invoke_agent') return acts
  return acts.flatMap((act): readonly Act[] =>
    act.kind === 'inference'
      ? [
          { kind: 'said', side: 'input', messages: act.input },
          { kind: 'said', side: 'output', messages: act.output },
        ]
      : [act],
  )
}

/** Names of the agent in whose name the record acts. */
export function memberOf(reader: AttributeReader): { readonly member?: string } {
  const member = reader.text('gen_ai.agent.name', 'gen_ai.agent.id')
  reader.value('gen_ai.agent.version')
  return member === undefined ? {} : { member }
}

/** Spans of the years before `gen_ai.operation.name`. */
function guessOperation(record: SpanRecord, reader: AttributeReader): { readonly operation?: string } {
  const type = reader.text('llm.request.type')
  if (type === 'chat' || type === 'completion') return { operation: type }
  if (type === 'embedding') return { operation: 'embeddings' }
  if (record.attributes.has('gen_ai.request.model') || record.attributes.has('gen_ai.response.model'))
    return { operation: 'chat' }
  return record.attributes.has('gen_ai.tool.name') ? { operation: 'execute_tool' } : {}
}
