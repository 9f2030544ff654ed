import { field, isJsonObject, toJson } from '../decode/any-value.ts'
import type { AnyValue, AttributeMap, Json, JsonObject } from '../decode/any-value.ts'
import { parseJsonStructure } from '../decode/json-text.ts'
import type { SpanEvent } from '../decode/records.ts'
import type { Heard, Message } from './act.ts'
import { readMessage, readMessages, roleOf } from './messages.ts'
import { readSystem } from './genai.ts'

/**
 * Messages that OTel GenAI up to 1.36 sends one by one, as span events or log events named `gen_ai.user.message` and so
 * on, and the later `gen_ai.client.inference.operation.details`, which holds all of them.
 */
export type MessageEvent =
  | { readonly side: 'input' | 'output'; readonly messages: readonly Message[] }
  /** The event is of this kind, but its content was left out. */
  | { readonly side: 'input' | 'output'; readonly messages: Extract<Heard, string> }

const INPUT_EVENTS: ReadonlyMap<string, 'system' | 'user' | 'assistant' | 'tool'> = new Map([
  ['gen_ai.system.message', 'system'],
  ['gen_ai.user.message', 'user'],
  ['gen_ai.assistant.message', 'assistant'],
  ['gen_ai.tool.message', 'tool'],
  ['gen_ai.content.prompt', 'user'],
])

const OUTPUT_EVENTS: ReadonlySet<string> = new Set(['gen_ai.choice', 'gen_ai.content.completion'])

export const DETAILS_EVENT = 'gen_ai.client.inference.operation.details'

export function isMessageEvent(name: string): boolean {
  return INPUT_EVENTS.has(name) || OUTPUT_EVENTS.has(name)
}

/** Reads one event by its name; its fields stand in the body of a log record, or in the attributes of a span event. */
export function readMessageEvent(name: string, body: AnyValue, attributes: AttributeMap): MessageEvent | undefined {
  const json = eventFields(body, attributes)
  const role = INPUT_EVENTS.get(name)
  if (role !== undefined) return { side: 'input', messages: messageOf(json, role) }
  if (!OUTPUT_EVENTS.has(name)) return undefined
  const message = decoded(field(json, 'message', 'gen_ai.completion'))
  const calls = decoded(field(json, 'tool_calls'))
  if (typeof message === 'string')
    return {
      side: 'output',
      messages: messageOf({ content: message, ...(calls === undefined ? {} : { tool_calls: calls }) }, 'assistant'),
    }
  if (isJsonObject(message))
    return {
      side: 'output',
      messages: messageOf(calls === undefined ? message : { tool_calls: calls, ...message }, 'assistant'),
    }
  if (message !== undefined)
    return { side: 'output', messages: readMessages({ role: 'assistant', content: message }, 'assistant') }
  return { side: 'output', messages: messageOf(json, 'assistant') }
}

/** The input and output that a span's events give together; undefined for a side of which no event speaks. */
export function readSpanMessages(events: readonly SpanEvent[]): { readonly input?: Heard; readonly output?: Heard } {
  const input: Message[] = []
  const output: Message[] = []
  let inputOmitted = false
  let outputOmitted = false
  for (const event of events) {
    if (event.name === DETAILS_EVENT) {
      const attribute = (key: string): Json | undefined => decoded(jsonOf(event.attributes.get(key)))
      // One by one: a list of any length must not become the arguments of one call.
      for (const message of readSystem(attribute('gen_ai.system_instructions'))) input.push(message)
      for (const message of readMessages(attribute('gen_ai.input.messages'), 'user')) input.push(message)
      for (const message of readMessages(attribute('gen_ai.output.messages'), 'assistant')) output.push(message)
      continue
    }
    const read = readMessageEvent(event.name, null, event.attributes)
    if (read === undefined) continue
    if (typeof read.messages === 'string') {
      if (read.side === 'input') inputOmitted = true
      else outputOmitted = true
    } else for (const message of read.messages) (read.side === 'input' ? input : output).push(message)
  }
  return {
    ...(input.length > 0 ? { input } : inputOmitted ? { input: 'instrumentation-omits' as const } : {}),
    ...(output.length > 0 ? { output } : outputOmitted ? { output: 'instrumentation-omits' as const } : {}),
  }
}

function messageOf(json: JsonObject, role: 'system' | 'user' | 'assistant' | 'tool'): Heard {
  const content = decoded(field(json, 'content', 'gen_ai.prompt', 'gen_ai.event.content'))
  const calls = decoded(field(json, 'tool_calls'))
  if (content === undefined && calls === undefined) {
    // A tool answer still names its call; its content is what is missing.
    if (role === 'tool' && field(json, 'id') !== undefined) return [readMessage(json, role)]
    return 'instrumentation-omits'
  }
  const message = {
    ...json,
    ...(content === undefined ? {} : { content }),
    ...(calls === undefined ? {} : { tool_calls: calls }),
  }
  const stated = field(json, 'role')
  return [readMessage({ ...message, role: roleOf(typeof stated === 'string' ? stated : undefined, role) }, role)]
}

function eventFields(body: AnyValue, attributes: AttributeMap): JsonObject {
  const fields = toJson(attributes)
  const own = typeof body === 'string' ? (parseJsonStructure(body) ?? { content: body }) : toJson(body)
  return { ...(isJsonObject(fields) ? fields : {}), ...(isJsonObject(own) ? own : {}) }
}

function jsonOf(value: AnyValue | undefined): Json | undefined {
  return value === undefined ? undefined : toJson(value)
}

/** Span events carry lists as JSON text. A text message that happens to be JSON stays a text. */
function decoded(json: Json | undefined): Json | undefined {
  if (typeof json !== 'string') return json
  const parsed = parseJsonStructure(json)
  return isShaped(parsed) ? parsed : json
}

function isShaped(json: Json | undefined): boolean {
  const items = Array.isArray(json) ? (json as readonly Json[]) : [json]
  return (
    items.length > 0 &&
    items.every(
      (item) =>
        isJsonObject(item) &&
        ['role', 'type', 'text', 'function', 'toolUse', 'toolResult', 'reasoningContent', 'content'].some((key) =>
          Object.hasOwn(item, key),
        ),
    )
  )
}
