import { field, isJsonObject } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import type { StreamEvent } from '../http/sse.ts'
import { anthropicMessages } from './anthropic-messages.ts'
import { googleGenerate } from './google-generate.ts'
import type { ModelApi } from './model-api.ts'
import { openaiChat } from './openai-chat.ts'
import { openaiEmbeddings } from './openai-embeddings.ts'
import { openaiResponses } from './openai-responses.ts'

/** The most particular first: a gateway may serve several below one path. */
const MODEL_APIS: readonly ModelApi[] = [
  googleGenerate,
  anthropicMessages,
  openaiResponses,
  openaiEmbeddings,
  openaiChat,
]

/** The format that a request speaks, by its path without the query; undefined for what is no model call. */
export function modelApiOf(path: string, body: Json | undefined): ModelApi | undefined {
  return isJsonObject(body) ? MODEL_APIS.find((api) => api.recognises(path, body)) : undefined
}

/** The format of a request whose body was not seen whole: the path alone says it. */
export function modelApiOfPath(path: string): ModelApi | undefined {
  return MODEL_APIS.find((api) => api.path.test(path))
}

/** The format of an answer whose request was not seen, by what only that format says. */
export function modelApiOfAnswer(body: Json | undefined, events: readonly StreamEvent[]): ModelApi | undefined {
  const first = events[0]
  if (first?.event === 'message_start') return anthropicMessages
  if (first?.event.startsWith('response.') === true) return openaiResponses
  const kind = field(body, 'object')
  if (kind === 'chat.completion' || first?.data.includes('"chat.completion.chunk"') === true) return openaiChat
  if (kind === 'response') return openaiResponses
  return field(body, 'type') === 'message' && field(body, 'role') === 'assistant' ? anthropicMessages : undefined
}
