import { argumentsText, countTokens, streamedFragments, streamedPieces } from './answer.ts'
import type { Answer } from './answer.ts'
import { objectsOf, stringOf, textOf } from './json.ts'
import type { JsonObject } from './json.ts'
import type { Memory, ModelApi, ServerSentEvent } from './model-api.ts'
import type { Turn } from './script.ts'

/** Anthropic `POST /v1/messages`. Reasoning is said as a thinking block. */
export const anthropicMessages: ModelApi = {
  readTurn,
  wantsStream: (body) => body['stream'] === true,
  body: (answer) => ({ ...message(answer), ...stop(answer), content: blocks(answer), usage: usage(answer) }),
  events: messageEvents,
  error: (text) => ({ type: 'error', error: { type: 'invalid_request_error', message: text }, request_id: null }),
}

/** Body of `POST /v1/messages/count_tokens`. */
export function anthropicTokenCount(turn: Turn): unknown {
  return { input_tokens: countTokens(turn.promptChars) }
}

function readTurn(body: JsonObject, memory: Memory): Turn {
  const messages = objectsOf(body['messages'])
  const inline = messages.filter((entry) => entry['role'] === 'system').map((entry) => textOf(entry['content']))
  const blocksSoFar = messages.flatMap((entry) => objectsOf(entry['content']))
  const toolOfCall = new Map(
    blocksSoFar
      .filter((block) => block['type'] === 'tool_use')
      .map((block) => [stringOf(block['id']), stringOf(block['name'])]),
  )
  const asked = messages.filter((entry) => entry['role'] === 'user' && resultsIn(entry).length === 0)
  // Clients add reminders as system messages after a result, so the last message of the user counts, not the last one.
  const last = messages.findLast((entry) => entry['role'] !== 'system')
  return {
    model: stringOf(body['model']),
    system: [textOf(body['system']), ...inline].filter((text) => text !== '').join('\n'),
    user: textOf(asked.at(-1)?.['content']),
    toolResults: (last === undefined ? [] : resultsIn(last)).map((block) => {
      const id = stringOf(block['tool_use_id'])
      return { tool: toolOfCall.get(id) ?? memory.toolOfCall(id) ?? '', text: textOf(block['content']) }
    }),
    promptChars: JSON.stringify([body['system'] ?? '', messages, body['tools'] ?? []]).length,
  }
}

function resultsIn(entry: JsonObject): readonly JsonObject[] {
  return objectsOf(entry['content']).filter((block) => block['type'] === 'tool_result')
}

function messageEvents(answer: Answer): readonly ServerSentEvent[] {
  const started = { ...message(answer), content: [], usage: { ...usage(answer), output_tokens: 1 } }
  const events: readonly JsonObject[] = [
    { type: 'message_start', message: started },
    ...blocks(answer).flatMap((block, index) => [
      { type: 'content_block_start', index, content_block: emptied(block) },
      ...deltas(block).map((delta) => ({ type: 'content_block_delta', index, delta })),
      { type: 'content_block_stop', index },
    ]),
    { type: 'message_delta', delta: stop(answer), usage: usage(answer) },
    { type: 'message_stop' },
  ]
  return events.map((data) => ({ event: stringOf(data['type']), data }))
}

function blocks(answer: Answer): readonly JsonObject[] {
  return [
    ...(answer.reasoning === '' ? [] : [{ type: 'thinking', thinking: answer.reasoning, signature: 'c2NyaXB0ZWQ=' }]),
    ...(answer.text === '' ? [] : [{ type: 'text', text: answer.text, citations: null }]),
    ...answer.calls.map((call) => ({ type: 'tool_use', id: call.id, name: call.name, input: call.arguments ?? {} })),
  ]
}

function emptied(block: JsonObject): JsonObject {
  if (block['type'] === 'thinking') return { ...block, thinking: '', signature: '' }
  return block['type'] === 'text' ? { ...block, text: '' } : { ...block, input: {} }
}

function deltas(block: JsonObject): readonly JsonObject[] {
  if (block['type'] === 'thinking') {
    const pieces = streamedPieces(stringOf(block['thinking']))
    return [
      ...pieces.map((thinking) => ({ type: 'thinking_delta', thinking })),
      { type: 'signature_delta', signature: block['signature'] },
    ]
  }
  if (block['type'] === 'text') {
    return streamedPieces(stringOf(block['text'])).map((text) => ({ type: 'text_delta', text }))
  }
  const input = argumentsText({ id: '', name: '', arguments: block['input'] })
  return streamedFragments(input).map((fragment) => ({ type: 'input_json_delta', partial_json: fragment }))
}

function message(answer: Answer): JsonObject {
  const id = `msg_${answer.number}`
  return { id, type: 'message', role: 'assistant', model: answer.model, stop_reason: null, stop_sequence: null }
}

function stop(answer: Answer): JsonObject {
  return { stop_reason: answer.calls.length > 0 ? 'tool_use' : 'end_turn', stop_sequence: null }
}

function usage(answer: Answer): JsonObject {
  return {
    input_tokens: answer.usage.input,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: answer.usage.output,
    service_tier: 'standard',
  }
}
