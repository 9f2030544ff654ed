import { field, isAttributeMap, isJsonArray, textField, toJson } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { parseJsonStructure } from '../decode/json-text.ts'
import type { LogRecord } from '../decode/records.ts'
import { OMITTED } from './act.ts'
import type { Act, Held, Message } from './act.ts'
import { readMessage, roleOf } from './messages.ts'
import { plainResult } from './parts.ts'

/**
 * The AWS distribution moves contents from span events to one log record a span: `{input: {messages}, output:
 * {messages}}`, each message being what one event held. The record does not say which span it belongs to, so its shape
 * tells: a model's answer has a finish reason and blocks; a tool's side has the call id beside its content. What loop and
 * agent spans repeat gives no acts. Undefined where the body is not of this form.
 */
export function readContentLog(record: LogRecord): readonly Act[] | undefined {
  if (!isAttributeMap(record.body)) return undefined
  const body = toJson(record.body)
  const input = messagesUnder(body, 'input')
  const output = messagesUnder(body, 'output')
  if (input === undefined && output === undefined) return undefined
  const tool = readToolSide(input ?? [], output ?? [])
  if (tool !== undefined) return [tool]
  const answers = (output ?? []).filter(isAnswer)
  if (answers.length === 0) return []
  // The assistant's earlier turns were events of the input; the distribution sorts them under output by their role.
  const history = (output ?? []).filter((message) => !isAnswer(message))
  return [
    { kind: 'said', side: 'input', messages: [...(input ?? []), ...history].map(readEventMessage) },
    { kind: 'said', side: 'output', messages: answers.map(readEventMessage) },
  ]
}

function messagesUnder(body: Json, side: string): readonly Json[] | undefined {
  const list = field(field(body, side), 'messages')
  return isJsonArray(list) ? list : undefined
}

function isAnswer(message: Json): boolean {
  const content = field(message, 'content')
  return textField(content, 'finish_reason') !== undefined && isJsonArray(blocks(field(content, 'message')) ?? null)
}

function readEventMessage(message: Json): Message {
  const role = roleOf(textField(message, 'role'), 'user')
  const content = field(message, 'content')
  const said = field(content, 'message', 'content') ?? content ?? null
  return readMessage({ role, content: blocks(said) ?? said }, role)
}

/** A tool span: the arguments as a tool message with the call's id, the result as a message with the same id. */
function readToolSide(input: readonly Json[], output: readonly Json[]): Act | undefined {
  const asked = input
    .map((message) => field(message, 'content'))
    .find((content) => textField(content, 'id') !== undefined)
  const given = output
    .map((message) => field(message, 'content'))
    .find((content) => textField(content, 'id') !== undefined)
  const callId = textField(asked, 'id') ?? textField(given, 'id')
  if (callId === undefined || input.length > 1) return undefined
  return {
    kind: 'tool',
    name: 'unknown',
    callId,
    arguments: content(field(asked, 'content')),
    result: content(field(given, 'message', 'content')),
  }
}

function content(value: Json | undefined): Held {
  if (value === undefined) return OMITTED
  const list = blocks(value)
  return { value: list === undefined ? value : plainResult(list) }
}

/** A list of blocks, as JSON text or as it is. */
function blocks(value: Json | undefined): Json | undefined {
  const json = typeof value === 'string' ? parseJsonStructure(value) : value
  return isJsonArray(json) ? json : undefined
}
