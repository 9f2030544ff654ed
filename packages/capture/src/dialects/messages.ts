import type { MessageRole } from '@holdfast/model'
import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json, JsonObject } from '../decode/any-value.ts'
import { held, OMITTED } from './act.ts'
import type { Message, Part } from './act.ts'
import { plainResult, readPart, readParts, readToolCall } from './parts.ts'

/**
 * Reads a list of messages in any of the shapes that providers and libraries use (see {@link readPart}); one message, or
 * one text, counts as a list of one. `role` is for what states none. Untrusted.
 */
export function readMessages(json: Json | undefined, role: MessageRole): readonly Message[] {
  if (json === undefined || json === null) return []
  if (!isJsonArray(json)) return [readMessage(json, role)]
  // LangChain sends a batch: a list of lists of messages.
  const first = json[0]
  const flat = json.length === 1 && isJsonArray(first) ? first : json
  return flat.map((item) => readMessage(item, role))
}

/** The role that a dialect's word stands for. */
export function roleOf(word: string | undefined, otherwise: MessageRole): MessageRole {
  switch (word?.toLowerCase() ?? '') {
    case 'system':
    case 'systemmessage':
      return 'system'
    case 'developer':
      return 'developer'
    case 'user':
    case 'human':
    case 'humanmessage':
      return 'user'
    case 'assistant':
    case 'ai':
    case 'aimessage':
    case 'aimessagechunk':
    case 'model':
      return 'assistant'
    case 'tool':
    case 'function':
    case 'toolmessage':
    case 'functionmessage':
      return 'tool'
  }
  return otherwise
}

/** One message. */
export function readMessage(json: Json, role: MessageRole): Message {
  if (!isJsonObject(json)) return { role, parts: readParts(json) }
  const langchain = langchainFields(json)
  if (langchain !== undefined) return readMessage(langchain, role)
  const type = textField(json, 'type')
  const stated = textField(json, 'role') ?? (type !== undefined && LANGCHAIN_TYPES.has(type) ? type : undefined)
  if (stated === undefined && isItem(json)) return itemMessage(json, role)
  const own = roleOf(stated, role)
  return { role: own, parts: partsOf(json, own) }
}

const LANGCHAIN_TYPES: ReadonlySet<string> = new Set([
  'human',
  'ai',
  'system',
  'tool',
  'HumanMessage',
  'AIMessage',
  'ToolMessage',
])

/** `{lc, type: 'constructor', id: [..., 'HumanMessage'], kwargs}` and `{type, data: {content}}` as a flat message. */
function langchainFields(json: JsonObject): JsonObject | undefined {
  const kwargs = field(json, 'kwargs')
  const id = field(json, 'id')
  if (isJsonObject(kwargs) && isJsonArray(id)) {
    const name = id.at(-1)
    return { ...kwargs, role: typeof name === 'string' ? name : 'user' }
  }
  const data = field(json, 'data')
  const type = textField(json, 'type')
  if (isJsonObject(data) && type !== undefined && LANGCHAIN_TYPES.has(type)) return { ...data, role: type }
  return undefined
}

/** True for an item of the OpenAI Responses API that is no message: a call, its output, reasoning. */
function isItem(json: JsonObject): boolean {
  const type = textField(json, 'type')
  return type !== undefined && type !== 'message' && field(json, 'parts') === undefined
}

function itemMessage(json: JsonObject, role: MessageRole): Message {
  const part = readPart(json)
  if (part.kind === 'tool-request' || part.kind === 'reasoning') return { role: 'assistant', parts: [part] }
  return { role: part.kind === 'tool-response' ? 'tool' : role, parts: [part] }
}

function partsOf(json: JsonObject, role: MessageRole): readonly Part[] {
  const content = field(json, 'parts', 'content', 'contents', 'text')
  const calls = field(json, 'tool_calls', 'toolCalls')
  const reasoning = textField(json, 'reasoning_content', 'reasoning')
  const callId = textField(json, 'tool_call_id', 'toolCallId')
  const before: readonly Part[] = reasoning === undefined ? [] : [{ kind: 'reasoning', text: reasoning }]
  const asked = isJsonArray(calls) ? calls.map(readToolCall) : []
  if (role === 'tool') return toolParts(json, content, callId)
  // Next to tool calls, an empty text is how providers say that there is none.
  const said = readParts(content).filter((part) => asked.length === 0 || part.kind !== 'text' || part.text !== '')
  // LangChain keeps a provider's tool_use blocks in the content and repeats them as tool_calls.
  const once = asked.length === 0 ? said : said.filter((part) => part.kind !== 'tool-request')
  return [...before, ...once, ...asked]
}

/** A tool message is one response, unless its parts are responses themselves. */
function toolParts(json: JsonObject, content: Json | undefined, callId: string | undefined): readonly Part[] {
  const parts = readParts(content)
  if (parts.some((part) => part.kind === 'tool-response')) return parts
  const id = callId ?? textField(json, 'id')
  const name = textField(json, 'name')
  return [
    {
      kind: 'tool-response',
      ...(id === undefined ? {} : { callId: id }),
      ...(name === undefined ? {} : { name }),
      result: content === undefined ? OMITTED : held(plainResult(content)),
    },
  ]
}
