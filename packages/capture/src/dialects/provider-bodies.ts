import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json, JsonObject } from '../decode/any-value.ts'
import type { Message } from './act.ts'
import { readMessages } from './messages.ts'
import { readParts } from './parts.ts'

/*
 * Some instrumentations keep a provider's whole request and response instead of messages: OpenAI chat and responses,
 * Anthropic, Gemini, LangChain runs. Untrusted.
 */

/** The messages of a request, system text first; undefined where the value holds none. */
export function messagesOfRequest(json: Json | undefined): readonly Message[] | undefined {
  if (json === undefined || json === null) return undefined
  if (typeof json === 'string' || isJsonArray(json)) return readMessages(json, 'user')
  if (!isJsonObject(json)) return undefined
  const config = field(json, 'config')
  const system =
    field(json, 'system', 'instructions', 'system_instruction', 'systemInstruction') ??
    field(config, 'system_instruction', 'systemInstruction')
  const list = field(json, 'messages', 'contents', 'input_messages')
  const plain = field(json, 'prompt', 'input', 'inputs', 'query', 'question', 'prompts')
  const messages = list === undefined ? messagesOfRequest(plain) : readMessages(list, 'user')
  if (system === undefined) return messages ?? (isMessage(json) ? readMessages(json, 'user') : undefined)
  return [systemMessage(system), ...(messages ?? [])]
}

/** The messages of a response; undefined where the value holds none. */
export function messagesOfResponse(json: Json | undefined): readonly Message[] | undefined {
  if (json === undefined || json === null) return undefined
  if (typeof json === 'string' || isJsonArray(json)) return readMessages(json, 'assistant')
  if (!isJsonObject(json)) return undefined
  const choices = field(json, 'choices')
  if (isJsonArray(choices))
    return choices.flatMap((choice) => readMessages(field(choice, 'message', 'delta', 'text'), 'assistant'))
  const generations = field(json, 'generations')
  if (isJsonArray(generations))
    return generations.flatMap((item) => (isJsonArray(item) ? item : [item])).flatMap(generation)
  const candidates = field(json, 'candidates')
  if (isJsonArray(candidates))
    return candidates.flatMap((candidate) => readMessages(field(candidate, 'content'), 'assistant'))
  if (isMessage(json)) return readMessages(json, 'assistant')
  const inner = field(json, 'message', 'content', 'messages', 'output', 'outputs', 'response', 'text', 'result')
  return inner === undefined ? undefined : messagesOfResponse(inner)
}

/** One text for what went into or came out of an agent or chain: the last thing said, or undefined. */
export function lastText(messages: readonly Message[] | undefined): string | undefined {
  const texts = messages?.at(-1)?.parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])) ?? []
  return texts.length === 0 ? undefined : texts.join('\n')
}

function generation(json: Json): readonly Message[] {
  const message = field(json, 'message')
  return message === undefined ? readMessages(field(json, 'text'), 'assistant') : readMessages(message, 'assistant')
}

function isMessage(json: JsonObject): boolean {
  return (
    textField(json, 'role') !== undefined || (isJsonObject(field(json, 'kwargs')) && isJsonArray(field(json, 'id')))
  )
}

function systemMessage(json: Json): Message {
  const parts = isJsonObject(json) ? field(json, 'parts') : undefined
  return { role: 'system', parts: readParts(parts ?? json) }
}
