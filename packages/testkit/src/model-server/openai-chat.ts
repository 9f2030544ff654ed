import { CREATED_AT, argumentsText, streamedFragments, streamedPieces } from './answer.ts'
import type { Answer } from './answer.ts'
import { isObject, objectsOf, stringOf, textOf } from './json.ts'
import type { JsonObject } from './json.ts'
import type { Memory, ModelApi, ServerSentEvent } from './model-api.ts'
import type { Turn } from './script.ts'

/** OpenAI `POST /v1/chat/completions`. The format has no reasoning text; reasoning counts as tokens only. */
export const openaiChat: ModelApi = {
  readTurn,
  wantsStream: (body) => body['stream'] === true,
  body: completion,
  events: completionChunks,
  error: openaiError,
}

/** The error object of all OpenAI endpoints. */
export function openaiError(message: string): unknown {
  return { error: { message, type: 'invalid_request_error', param: null, code: null } }
}

function readTurn(body: JsonObject, memory: Memory): Turn {
  const messages = objectsOf(body['messages'])
  const toolOfCall = new Map(
    messages
      .flatMap((message) => objectsOf(message['tool_calls']))
      .map((call) => [stringOf(call['id']), isObject(call['function']) ? stringOf(call['function']['name']) : '']),
  )
  const lastOther = messages.findLastIndex((message) => message['role'] !== 'tool')
  const texts = (...roles: readonly string[]): readonly string[] =>
    messages.filter((message) => roles.includes(stringOf(message['role']))).map((message) => textOf(message['content']))
  return {
    model: stringOf(body['model']),
    system: texts('system', 'developer').join('\n'),
    user: texts('user').at(-1) ?? '',
    toolResults: messages.slice(lastOther + 1).map((message) => {
      const id = stringOf(message['tool_call_id'])
      return { tool: toolOfCall.get(id) ?? memory.toolOfCall(id) ?? '', text: textOf(message['content']) }
    }),
    promptChars: JSON.stringify([messages, body['tools'] ?? []]).length,
  }
}

function completion(answer: Answer): unknown {
  const toolCalls = answer.calls.map((call) => toolCall(call, argumentsText(call)))
  return {
    ...envelope(answer, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: answer.text === '' ? null : answer.text,
          refusal: null,
          annotations: [],
          ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
        },
        logprobs: null,
        finish_reason: finishReason(answer),
      },
    ],
    usage: usage(answer),
  }
}

function completionChunks(answer: Answer, request: JsonObject): readonly ServerSentEvent[] {
  const chunk = (delta: unknown, finish: string | null = null): ServerSentEvent => ({
    data: {
      ...envelope(answer, 'chat.completion.chunk'),
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    },
  })
  const options = request['stream_options']
  const withUsage = isObject(options) && options['include_usage'] === true
  return [
    chunk({ role: 'assistant', content: answer.text === '' ? null : '', refusal: null }),
    ...streamedPieces(answer.text).map((piece) => chunk({ content: piece })),
    ...answer.calls.flatMap((call, index) => [
      chunk({ tool_calls: [{ index, ...toolCall(call, '') }] }),
      ...streamedFragments(argumentsText(call)).map((fragment) =>
        chunk({ tool_calls: [{ index, function: { arguments: fragment } }] }),
      ),
    ]),
    chunk({}, finishReason(answer)),
    ...(withUsage
      ? [{ data: { ...envelope(answer, 'chat.completion.chunk'), choices: [], usage: usage(answer) } }]
      : []),
    { data: '[DONE]' },
  ]
}

function toolCall(call: Answer['calls'][number], text: string): JsonObject {
  return { id: call.id, type: 'function', function: { name: call.name, arguments: text } }
}

function envelope(answer: Answer, object: string): JsonObject {
  return {
    id: `chatcmpl-${answer.number}`,
    object,
    created: CREATED_AT,
    model: answer.model,
    service_tier: 'default',
    system_fingerprint: 'fp_scripted',
  }
}

function finishReason(answer: Answer): string {
  return answer.calls.length > 0 ? 'tool_calls' : 'stop'
}

function usage({ usage: { input, output, reasoning } }: Answer): unknown {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  }
}
