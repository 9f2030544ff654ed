import { toJson } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { parseJsonStructure } from '../decode/json-text.ts'
import type { Heard, Message } from './act.ts'
import type { AttributeReader } from './attribute-reader.ts'
import { asJson, asText, indexed, under } from './indexed.ts'
import type { FlatMap } from './indexed.ts'
import { readMessage } from './messages.ts'

/* OpenInference flattens messages and tools into indexed attributes; here they are rebuilt. */

/**
 * The flattened attributes are the dialect's own words, but its LangChain writer leaves the tool call ids out of them;
 * where they are in the body, and both tell the same number of messages, the body is read.
 */
export function fuller(flat: readonly Message[] | undefined, body: readonly Message[] | undefined): Heard {
  if (flat === undefined || flat.length === 0) return body ?? flat ?? 'instrumentation-omits'
  if (body === undefined || body.length !== flat.length) return flat
  return flat.some(lacksCallId) && !body.some(lacksCallId) ? body : flat
}

function lacksCallId(message: Message): boolean {
  return message.parts.some(
    (part) => (part.kind === 'tool-request' || part.kind === 'tool-response') && part.callId === undefined,
  )
}

/** Rebuilds `<prefix><i>.message.*`; undefined where there is none. */
export function flatMessages(
  reader: AttributeReader,
  prefix: string,
  role: 'user' | 'assistant',
): readonly Message[] | undefined {
  const items = indexed(reader.under(prefix))
  if (items.length === 0) return undefined
  return items.map((item) => flatMessage(item, role))
}

function flatMessage(item: FlatMap, role: 'user' | 'assistant'): Message {
  const plain = item.get('message.content')
  const contents = indexed(under(item, 'message.contents.')).map(flatContent)
  const calls = indexed(under(item, 'message.tool_calls.')).map((call) => ({
    id: asJson(call.get('tool_call.id')),
    name: asJson(call.get('tool_call.function.name')),
    arguments: asJson(call.get('tool_call.function.arguments') ?? call.get('tool_call.function.arguments_json')),
  }))
  return readMessage(
    {
      role: asJson(item.get('message.role')) ?? role,
      content: contents.length > 0 ? contents : asJson(plain),
      tool_call_id: asJson(item.get('message.tool_call_id')),
      name: asJson(item.get('message.name')),
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
    },
    role,
  )
}

function flatContent(item: FlatMap): Json {
  const type = item.get('message_content.type')
  const text = item.get('message_content.text')
  if (text !== undefined) return { type: type === 'reasoning' ? 'reasoning' : 'text', text: asJson(text) }
  return Object.fromEntries([...item].map(([key, value]) => [key.replace('message_content.', ''), toJson(value)]))
}

export function promptsOf(reader: AttributeReader): readonly Message[] | undefined {
  const flat = indexed(reader.under('llm.prompts.'))
  const listed = reader.texts('llm.prompts')
  const texts = flat.length > 0 ? flat.flatMap((item) => asText(item.get('prompt.text'))) : listed
  return texts.length === 0 ? undefined : texts.map((text) => ({ role: 'user', parts: [{ kind: 'text', text }] }))
}

export function toolSpecs(reader: AttributeReader): readonly Json[] {
  return indexed(reader.under('llm.tools.')).flatMap((tool) => {
    const text = tool.get('tool.json_schema') ?? tool.get('json_schema')
    const json = typeof text === 'string' ? parseJsonStructure(text) : asJson(text)
    return json === undefined || json === null ? [] : [json]
  })
}
