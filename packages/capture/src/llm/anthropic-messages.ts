import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json, JsonObject } from '../decode/any-value.ts'
import { parseJsonText } from '../decode/json-text.ts'
import { indexOf, MergedObject, objectsOf, usageOf } from './fields.ts'
import type { ModelApi } from './model-api.ts'

/** Anthropic `POST /v1/messages`, also behind gateways that keep its path. */
export const anthropicMessages: ModelApi = {
  name: 'anthropic-messages',
  operation: 'chat',
  path: /\/v1\/messages$/,
  recognises: (path, body) => path.endsWith('/messages') && isJsonArray(field(body, 'messages')),
  assemble: (events) => assembleMessage(objectsOf(events)),
  finishReasons: (answer) => {
    const reason = textField(answer, 'stop_reason')
    return reason === undefined ? [] : [reason]
  },
  usage: (answer) =>
    usageOf(field(answer, 'usage'), {
      inputTokens: ['input_tokens'],
      outputTokens: ['output_tokens'],
      cacheReadTokens: ['cache_read_input_tokens'],
      cacheWriteTokens: ['cache_creation_input_tokens'],
    }),
  requestModel: (_path, body) => textField(body, 'model'),
}

type Block = { readonly start: JsonObject; text: string; input: string; signature: string }

/** `message_start` holds the frame, blocks come as deltas by index, `message_delta` holds the end. */
function assembleMessage(events: readonly JsonObject[]): JsonObject | undefined {
  let message: JsonObject | undefined
  const end = new MergedObject()
  const usage = new MergedObject()
  const blocks = new Map<number, Block>()
  for (const event of events) {
    const type = textField(event, 'type')
    if (type === 'error') return event
    const started = field(event, 'message')
    if (type === 'message_start' && isJsonObject(started)) {
      message = started
      usage.add(field(started, 'usage'))
    }
    if (type === 'message_delta') {
      end.add(field(event, 'delta'))
      usage.add(field(event, 'usage'))
    }
    const index = indexOf(event)
    const block = field(event, 'content_block')
    if (type === 'content_block_start' && index !== undefined && isJsonObject(block))
      blocks.set(index, { start: block, text: '', input: '', signature: '' })
    if (type === 'content_block_delta' && index !== undefined) addDelta(blocks.get(index), field(event, 'delta'))
  }
  if (message === undefined && blocks.size === 0) return undefined
  const content = [...blocks].toSorted(([a], [b]) => a - b).map(([, block]) => blockJson(block))
  return { role: 'assistant', ...message, ...end.json, content, usage: usage.json }
}

function addDelta(block: Block | undefined, delta: Json | undefined): void {
  if (block === undefined) return
  block.text += textField(delta, 'text', 'thinking') ?? ''
  block.input += textField(delta, 'partial_json') ?? ''
  block.signature += textField(delta, 'signature') ?? ''
}

function blockJson({ start, text, input, signature }: Block): Json {
  const type = textField(start, 'type')
  if (type === 'text') return { ...start, text: (textField(start, 'text') ?? '') + text }
  if (type === 'thinking')
    return {
      ...start,
      thinking: (textField(start, 'thinking') ?? '') + text,
      ...(signature === '' ? {} : { signature }),
    }
  // The arguments of a call that was cut off are no JSON: they stay the text that came.
  if (input !== '') return { ...start, input: parseJsonText(input) ?? input }
  return start
}
