import { parseConversationId, parseSpanId, parseTraceId, parseUnixNanoText } from '@holdfast/model'
import type { LogEntry } from '@holdfast/model'
import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json, JsonObject } from '../decode/any-value.ts'
import { parseJsonText } from '../decode/json-text.ts'
import type { Act, Message, Part } from '../dialects/act.ts'
import { readMessage } from '../dialects/messages.ts'
import { writeEvents } from '../dialects/write-events.ts'
import type { EventFrame } from '../dialects/write-events.ts'
import type { Normalised } from '../normalised.ts'
import { sourceTag } from '../source-tag.ts'

/**
 * Reads one message of an imported run. What a person, a system or a tool said entered the model call that follows; an
 * answer is a model call with its outputs and the calls it asked for, and enters the next call as history. Undefined
 * where the body is not what the importer writes.
 */
export function normaliseRun(entry: LogEntry, body: Uint8Array): Normalised | undefined {
  const json = parseJsonText(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'))
  const message = field(json, 'message')
  const trace = parseTraceId(textField(json, 'trace') ?? '')
  const span = parseSpanId(textField(json, 'span') ?? '')
  const at = parseUnixNanoText(textField(json, 'at') ?? '')
  if (!isJsonObject(message) || trace === undefined || span === undefined || at === undefined) return undefined
  const dialect = textField(json, 'format') ?? 'run'
  const conversation = parseConversationId(textField(json, 'run') ?? '')
  const { channel, instance, credential, tier, clock } = entry.envelope
  const ordinal = field(json, 'ordinal')
  const frame = (spanId: typeof span, part: string): EventFrame => ({
    shared: {
      entry: entry.index,
      recordedAt: entry.recordedAt,
      source: { channel, instance, credential, tier, clock, dialect, instrumentation: '' },
      agent: { id: entry.envelope.agent, name: entry.envelope.agentName },
      context: { trace, span: spanId, ...(conversation === undefined ? {} : { conversation }) },
    },
    start: at,
    idPrefix: `${trace}.${spanId}.${sourceTag(entry.envelope)}.m${typeof ordinal === 'number' ? ordinal : 0}${part}`,
    isMasked: entry.masks.length > 0,
  })
  const said = withCallIds(message, json)
  const written = writeEvents(actsOf(said, message, json), frame(span, ''))
  const next = parseSpanId(textField(json, 'next') ?? '')
  const history: readonly Act[] = next === undefined ? [] : [{ kind: 'said', side: 'input', messages: [said] }]
  const heard = writeEvents(history, frame(next ?? span, 'h'))
  const events = [...written.events, ...heard.events]
  return { events, dialect, mapped: 1, unmapped: [], cut: written.cut + heard.cut }
}

function actsOf(said: Message, message: JsonObject, json: Json | undefined): readonly Act[] {
  if (said.role === 'assistant') return answerActs(said, message, json)
  const entered: Act = { kind: 'said', side: 'input', messages: [said] }
  const tool = textField(field(json, 'answers'), 'tool') ?? toolOf(message)
  if (said.role !== 'tool' || tool === undefined) return [entered]
  const error = textField(message, 'error')
  const results = said.parts.flatMap((part): readonly Act[] =>
    part.kind === 'tool-response'
      ? [
          {
            kind: 'tool',
            name: tool,
            ...(part.callId === undefined ? {} : { callId: part.callId }),
            result: part.result,
            ...(error === undefined ? {} : { error }),
          },
        ]
      : [],
  )
  return [...results, entered]
}

function answerActs(said: Message, message: JsonObject, json: Json | undefined): readonly Act[] {
  const model = textField(json, 'model')
  const outputTokens = field(field(json, 'usage'), 'outputTokens')
  const error = field(message, 'error')
  const call: Act = {
    kind: 'inference',
    operation: 'chat',
    ...(model === undefined ? {} : { requestModel: model }),
    finishReasons: [],
    usage: typeof outputTokens === 'number' ? { outputTokens } : {},
    ...(error === true ? { error: 'error' } : {}),
    // What it read is told by the entries of those messages.
    input: [],
    output: [said],
  }
  const tools = said.parts.flatMap((part): readonly Act[] =>
    part.kind === 'tool-request'
      ? [
          {
            kind: 'tool',
            name: part.name ?? 'unknown',
            ...(part.callId === undefined ? {} : { callId: part.callId }),
            arguments: part.arguments,
          },
        ]
      : [],
  )
  return [call, ...tools]
}

/** The importer's call ids in place of the source's, which are often empty or repeated. */
function withCallIds(message: JsonObject, json: Json | undefined): Message {
  const said = readMessage(message, 'user')
  const ids = field(json, 'calls')
  const answered = textField(field(json, 'answers'), 'callId')
  let request = 0
  const parts = said.parts.map((part): Part => {
    if (part.kind === 'tool-request') {
      const id = isJsonArray(ids) ? ids[request++] : undefined
      return typeof id === 'string' ? { ...part, callId: id } : part
    }
    return part.kind === 'tool-response' && answered !== undefined ? { ...part, callId: answered } : part
  })
  return { role: said.role, parts }
}

function toolOf(message: JsonObject): string | undefined {
  return textField(field(message, 'tool_call'), 'function') ?? textField(message, 'name')
}
