import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json, JsonObject } from '../decode/any-value.ts'
import { indexOf, objectsOf, usageOf } from './fields.ts'
import type { ModelApi } from './model-api.ts'

const COMPLETIONS = /\/(?:chat\/)?completions$/

/** OpenAI `POST /v1/chat/completions`, its older `/v1/completions`, and all who speak the same. */
export const openaiChat: ModelApi = {
  name: 'openai-chat',
  operation: 'chat',
  path: COMPLETIONS,
  recognises: (path, body) =>
    COMPLETIONS.test(path)
      ? isJsonArray(field(body, 'messages')) || field(body, 'prompt') !== undefined
      : textField(body, 'model') !== undefined && isJsonArray(field(body, 'messages')) && path.endsWith('/chat'),
  assemble: (events) => assembleChat(objectsOf(events)),
  finishReasons: (answer) => {
    const choices = field(answer, 'choices')
    return isJsonArray(choices) ? choices.flatMap((choice) => textField(choice, 'finish_reason') ?? []) : []
  },
  usage: (answer) =>
    usageOf(field(answer, 'usage'), {
      inputTokens: ['prompt_tokens'],
      outputTokens: ['completion_tokens'],
      cacheReadTokens: ['prompt_tokens_details.cached_tokens'],
    }),
  requestModel: (path, body) =>
    // Azure names the deployment in the path.
    textField(body, 'model') ?? /\/deployments\/([^/]+)\//.exec(path)?.[1],
}

type Choice = {
  content: string
  reasoning: string
  refusal: string
  finish: string | undefined
  calls: Map<number, Call>
}
type Call = { id: string | undefined; name: string; arguments: string }

/** Chunks tell a choice piece by piece; a tool call's name comes once, its arguments in fragments of JSON text. */
function assembleChat(chunks: readonly JsonObject[]): JsonObject | undefined {
  if (chunks.length === 0) return undefined
  const choices = new Map<number, Choice>()
  let head: JsonObject = {}
  let usage: Json | undefined
  for (const chunk of chunks) {
    if (field(chunk, 'error') !== undefined) return chunk
    head = { ...head, ...named(chunk, ['id', 'object', 'model', 'created']) }
    usage = field(chunk, 'usage') ?? usage
    const list = field(chunk, 'choices')
    for (const told of isJsonArray(list) ? list : []) {
      const index = indexOf(told) ?? 0
      const choice = choices.get(index) ?? newChoice()
      choices.set(index, choice)
      addDelta(choice, told)
    }
  }
  return {
    ...head,
    choices: [...choices].toSorted(([a], [b]) => a - b).map(([index, choice]) => choiceJson(index, choice)),
    ...(usage === undefined ? {} : { usage }),
  }
}

function newChoice(): Choice {
  return { content: '', reasoning: '', refusal: '', finish: undefined, calls: new Map() }
}

function addDelta(choice: Choice, told: Json): void {
  const delta = field(told, 'delta')
  choice.content += textField(delta, 'content') ?? textField(told, 'text') ?? ''
  choice.reasoning += textField(delta, 'reasoning_content', 'reasoning') ?? ''
  choice.refusal += textField(delta, 'refusal') ?? ''
  choice.finish = textField(told, 'finish_reason') ?? choice.finish
  const calls = field(delta, 'tool_calls')
  for (const [position, part] of (isJsonArray(calls) ? calls : []).entries()) {
    const index = indexOf(part) ?? position
    const call = choice.calls.get(index) ?? { id: undefined, name: '', arguments: '' }
    choice.calls.set(index, call)
    call.id = textField(part, 'id') ?? call.id
    call.name += textField(field(part, 'function'), 'name') ?? ''
    call.arguments += textField(field(part, 'function'), 'arguments') ?? ''
  }
}

function choiceJson(index: number, choice: Choice): JsonObject {
  const calls = [...choice.calls]
    .toSorted(([a], [b]) => a - b)
    .map(([, { id, name, arguments: text }]) => ({
      ...(id === undefined ? {} : { id }),
      type: 'function',
      function: { name, arguments: text },
    }))
  const message: JsonObject = {
    role: 'assistant',
    content: choice.content === '' && calls.length > 0 ? null : choice.content,
    ...(choice.reasoning === '' ? {} : { reasoning_content: choice.reasoning }),
    ...(choice.refusal === '' ? {} : { refusal: choice.refusal }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  }
  return { index, message, finish_reason: choice.finish ?? null }
}

function named(json: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = field(json, name)
      return value === undefined || isJsonObject(value) ? [] : [[name, value] as const]
    }),
  )
}
