import { isRecord, listOf, parsedOrText, textOf } from './json.ts'
import type { JsonRecord } from './json.ts'

/** A message in the shape of `gen_ai.input.messages` and `gen_ai.output.messages`. */
export type Message = { readonly role: string; readonly parts: readonly object[]; readonly finish_reason?: string }

/**
 * Messages of a model's input or output. Understands the items of the Responses API (as sent by the provider and as the
 * library keeps them), and messages of Chat Completions. What it does not know is kept whole as a part of its own type.
 */
export function toMessages(value: unknown): readonly Message[] {
  if (typeof value === 'string') return [{ role: 'user', parts: [textPart(value)] }]
  return merged(listOf(value).filter(isRecord).map(toMessage))
}

/** What the model answered: one message, with why it stopped. */
export function toOutputMessages(items: unknown, stoppedBy: string | undefined): readonly Message[] {
  const messages = toMessages(items)
  const asksForTool = messages.some((message) =>
    message.parts.some((part) => 'type' in part && part.type === 'tool_call'),
  )
  const finish_reason = stoppedBy ?? (asksForTool ? 'tool_call' : 'stop')
  return messages.map((message) => ({ ...message, finish_reason }))
}

function toMessage(item: JsonRecord): Message {
  const callId = textOf(item, 'callId', 'call_id', 'tool_call_id')
  switch (item['type']) {
    case 'function_call':
      return { role: 'assistant', parts: [callPart(callId, item)] }
    case 'function_call_result':
    case 'function_call_output':
      return { role: 'tool', parts: [{ type: 'tool_call_response', id: callId, response: plainText(item['output']) }] }
    case 'reasoning':
      return { role: 'assistant', parts: reasoningParts(item) }
  }
  const role = textOf(item, 'role')
  if (role === undefined) return { role: 'assistant', parts: [item] }
  if (role === 'tool')
    return { role, parts: [{ type: 'tool_call_response', id: callId, response: plainText(item['content']) }] }
  return { role, parts: [...contentParts(item['content']), ...chatCalls(item)] }
}

/** The Responses API lists reasoning, text and calls as items of their own; together they are one answer. */
function merged(messages: readonly Message[]): readonly Message[] {
  const result: Message[] = []
  for (const message of messages) {
    const last = result.at(-1)
    if (last?.role === 'assistant' && message.role === 'assistant')
      result[result.length - 1] = { role: 'assistant', parts: [...last.parts, ...message.parts] }
    else result.push(message)
  }
  return result
}

function contentParts(content: unknown): readonly object[] {
  if (typeof content === 'string') return [textPart(content)]
  return listOf(content).flatMap((part): readonly object[] => {
    if (!isRecord(part)) return []
    const text = textOf(part, 'text', 'refusal')
    return [text === undefined ? part : textPart(text)]
  })
}

function chatCalls(message: JsonRecord): readonly object[] {
  return listOf(message['tool_calls']).map((call) =>
    callPart(textOf(call, 'id'), isRecord(call) && isRecord(call['function']) ? call['function'] : {}),
  )
}

function callPart(id: string | undefined, call: JsonRecord): object {
  return { type: 'tool_call', id, name: textOf(call, 'name'), arguments: parsedOrText(textOf(call, 'arguments') ?? '') }
}

/** Raw reasoning where the model exposes it, else its summary. */
function reasoningParts(item: JsonRecord): readonly object[] {
  const raw = [...listOf(item['rawContent']), ...listOf(item['content'])]
  return [...raw, ...listOf(item['summary'])].flatMap((part) => {
    const content = textOf(part, 'text')
    return content === undefined ? [] : [{ type: 'reasoning', content }]
  })
}

/** A tool's answer as one text where it is one, else as it is. */
function plainText(value: unknown): unknown {
  return textOf(value, 'text') ?? value
}

function textPart(content: string): object {
  return { type: 'text', content }
}
