import { CREATED_AT, argumentsText, streamedFragments, streamedPieces } from './answer.ts'
import type { Answer, AnsweredCall } from './answer.ts'
import { objectsOf, stringOf, textOf } from './json.ts'
import type { JsonObject } from './json.ts'
import type { Memory, ModelApi, ServerSentEvent } from './model-api.ts'
import { openaiError } from './openai-chat.ts'
import type { Turn } from './script.ts'

/** OpenAI `POST /v1/responses`, with `previous_response_id`. Reasoning is said as a reasoning summary. */
export const openaiResponses: ModelApi = {
  readTurn,
  wantsStream: (body) => body['stream'] === true,
  body: (answer, request) => response(answer, request, 'completed'),
  events: responseEvents,
  error: openaiError,
}

/** The conversation's items up to this request: what the client sent, after what the server still holds for it. */
export function inputItems(body: JsonObject, memory: Memory): readonly JsonObject[] {
  const input = body['input']
  const sent = typeof input === 'string' ? [{ type: 'message', role: 'user', content: input }] : objectsOf(input)
  return [...memory.itemsOfResponse(stringOf(body['previous_response_id'])), ...sent]
}

/** The output items of an answer, in the order in which a reasoning model produces them. */
export function outputItems(answer: Answer): readonly JsonObject[] {
  return [
    ...(answer.reasoning === '' ? [] : [reasoningItem(answer)]),
    ...(answer.text === '' ? [] : [messageItem(answer)]),
    ...answer.calls.map(callItem),
  ]
}

function readTurn(body: JsonObject, memory: Memory): Turn {
  const items = inputItems(body, memory)
  const toolOfCall = new Map(
    items
      .filter((item) => item['type'] === 'function_call')
      .map((item) => [stringOf(item['call_id']), stringOf(item['name'])]),
  )
  const texts = (...roles: readonly string[]): readonly string[] =>
    items.filter((item) => roles.includes(stringOf(item['role']))).map((item) => textOf(item['content']))
  const lastOther = items.findLastIndex((item) => item['type'] !== 'function_call_output')
  return {
    model: stringOf(body['model']),
    system: [stringOf(body['instructions']), ...texts('system', 'developer')].filter((text) => text !== '').join('\n'),
    user: texts('user').at(-1) ?? '',
    toolResults: items.slice(lastOther + 1).map((item) => {
      const id = stringOf(item['call_id'])
      return { tool: toolOfCall.get(id) ?? memory.toolOfCall(id) ?? '', text: textOf(item['output']) }
    }),
    promptChars: JSON.stringify([body['instructions'] ?? '', items, body['tools'] ?? []]).length,
  }
}

function response(answer: Answer, request: JsonObject, status: 'in_progress' | 'completed'): JsonObject {
  const isDone = status === 'completed'
  return {
    id: `resp_${answer.number}`,
    object: 'response',
    created_at: CREATED_AT,
    status,
    background: false,
    error: null,
    incomplete_details: null,
    instructions: request['instructions'] ?? null,
    max_output_tokens: request['max_output_tokens'] ?? null,
    metadata: request['metadata'] ?? {},
    model: answer.model,
    output: isDone ? outputItems(answer) : [],
    parallel_tool_calls: request['parallel_tool_calls'] ?? true,
    previous_response_id: request['previous_response_id'] ?? null,
    reasoning: request['reasoning'] ?? { effort: null, summary: null },
    service_tier: 'default',
    store: request['store'] ?? true,
    temperature: request['temperature'] ?? 1,
    text: request['text'] ?? { format: { type: 'text' } },
    tool_choice: request['tool_choice'] ?? 'auto',
    tools: request['tools'] ?? [],
    top_p: request['top_p'] ?? 1,
    truncation: request['truncation'] ?? 'disabled',
    usage: isDone ? usage(answer) : null,
    user: request['user'] ?? null,
  }
}

function responseEvents(answer: Answer, request: JsonObject): readonly ServerSentEvent[] {
  const unnumbered: readonly JsonObject[] = [
    { type: 'response.created', response: response(answer, request, 'in_progress') },
    { type: 'response.in_progress', response: response(answer, request, 'in_progress') },
    ...outputItems(answer).flatMap((item, index) => [
      { type: 'response.output_item.added', output_index: index, item: unfinished(item) },
      ...itemEvents(item, answer).map((event) => ({ ...event, output_index: index, item_id: item['id'] })),
      { type: 'response.output_item.done', output_index: index, item },
    ]),
    { type: 'response.completed', response: response(answer, request, 'completed') },
  ]
  return unnumbered.map((data, index) => ({ event: stringOf(data['type']), data: { ...data, sequence_number: index } }))
}

function itemEvents(item: JsonObject, answer: Answer): readonly JsonObject[] {
  const call = answer.calls.find((candidate) => candidate.id === item['call_id'])
  if (call !== undefined) return callEvents(call)
  return item['type'] === 'reasoning' ? reasoningEvents(answer.reasoning) : textEvents(answer.text)
}

function callEvents(call: AnsweredCall): readonly JsonObject[] {
  const text = argumentsText(call)
  return [
    ...streamedFragments(text).map((delta) => ({ type: 'response.function_call_arguments.delta', delta })),
    { type: 'response.function_call_arguments.done', name: call.name, arguments: text },
  ]
}

function reasoningEvents(text: string): readonly JsonObject[] {
  const part = (value: string): JsonObject => ({ type: 'summary_text', text: value })
  return [
    { type: 'response.reasoning_summary_part.added', part: part('') },
    ...streamedPieces(text).map((delta) => ({ type: 'response.reasoning_summary_text.delta', delta })),
    { type: 'response.reasoning_summary_text.done', text },
    { type: 'response.reasoning_summary_part.done', part: part(text) },
  ].map((event) => ({ ...event, summary_index: 0 }))
}

function textEvents(text: string): readonly JsonObject[] {
  return [
    { type: 'response.content_part.added', part: textPart('') },
    ...streamedPieces(text).map((delta) => ({ type: 'response.output_text.delta', delta, logprobs: [] })),
    { type: 'response.output_text.done', text, logprobs: [] },
    { type: 'response.content_part.done', part: textPart(text) },
  ].map((event) => ({ ...event, content_index: 0 }))
}

function unfinished(item: JsonObject): JsonObject {
  switch (item['type']) {
    case 'message':
      return { ...item, status: 'in_progress', content: [] }
    case 'function_call':
      return { ...item, status: 'in_progress', arguments: '' }
    default:
      // Only reasoning is left, which has no status of its own.
      return { ...item, summary: [] }
  }
}

function reasoningItem(answer: Answer): JsonObject {
  return { id: `rs_${answer.number}`, type: 'reasoning', summary: [{ type: 'summary_text', text: answer.reasoning }] }
}

function messageItem(answer: Answer): JsonObject {
  const content = [textPart(answer.text)]
  return { id: `msg_${answer.number}`, type: 'message', status: 'completed', role: 'assistant', content }
}

function textPart(text: string): JsonObject {
  return { type: 'output_text', annotations: [], logprobs: [], text }
}

function callItem(call: AnsweredCall): JsonObject {
  const id = call.id.replace(/^call_/, 'fc_')
  const args = argumentsText(call)
  return { id, type: 'function_call', status: 'completed', call_id: call.id, name: call.name, arguments: args }
}

function usage({ usage: { input, output, reasoning } }: Answer): unknown {
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: input + output,
  }
}
