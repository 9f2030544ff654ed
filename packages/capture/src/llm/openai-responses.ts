import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json, JsonObject } from '../decode/any-value.ts'
import { objectsOf, usageOf } from './fields.ts'
import type { ModelApi } from './model-api.ts'

/** OpenAI `POST /v1/responses`. */
export const openaiResponses: ModelApi = {
  name: 'openai-responses',
  operation: 'chat',
  path: /\/v1\/responses$/,
  recognises: (path, body) =>
    path.endsWith('/responses') && (field(body, 'input') ?? field(body, 'prompt')) !== undefined,
  assemble: (events) => assembleResponse(objectsOf(events)),
  finishReasons: (answer) => {
    const reason = textField(field(answer, 'incomplete_details'), 'reason') ?? textField(answer, 'status')
    return reason === undefined ? [] : [reason]
  },
  usage: (answer) =>
    usageOf(field(answer, 'usage'), {
      inputTokens: ['input_tokens'],
      outputTokens: ['output_tokens'],
      cacheReadTokens: ['input_tokens_details.cached_tokens'],
    }),
  requestModel: (_path, body) => textField(body, 'model'),
}

/** The last event repeats the whole response; a stream that was cut before it is put together from its items. */
function assembleResponse(events: readonly JsonObject[]): JsonObject | undefined {
  let started: JsonObject | undefined
  const items = new Map<number, Json>()
  const texts = new Map<number, string>()
  for (const event of events) {
    const type = textField(event, 'type') ?? ''
    const response = field(event, 'response')
    if (FINAL.has(type) && isJsonObject(response)) return response
    if (type === 'response.created' && isJsonObject(response)) started = response
    const index = field(event, 'output_index')
    if (typeof index !== 'number') continue
    const item = field(event, 'item')
    if ((type === 'response.output_item.added' || type === 'response.output_item.done') && item !== undefined)
      items.set(index, item)
    if (type === 'response.output_item.done') texts.delete(index)
    if (type === 'response.output_text.delta' || type === 'response.function_call_arguments.delta')
      texts.set(index, (texts.get(index) ?? '') + (textField(event, 'delta') ?? ''))
  }
  if (started === undefined && items.size === 0) return undefined
  const output = [...items].toSorted(([a], [b]) => a - b).map(([index, item]) => withText(item, texts.get(index)))
  return { ...started, output }
}

const FINAL: ReadonlySet<string> = new Set(['response.completed', 'response.incomplete', 'response.failed'])

function withText(item: Json, text: string | undefined): Json {
  if (text === undefined || !isJsonObject(item)) return item
  if (field(item, 'type') === 'function_call') return { ...item, arguments: text }
  const content = field(item, 'content')
  const before = isJsonArray(content) ? content : []
  return { ...item, content: [...before, { type: 'output_text', text }] }
}
