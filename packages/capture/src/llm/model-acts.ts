import { field, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json, JsonObject } from '../decode/any-value.ts'
import { parseJsonText } from '../decode/json-text.ts'
import type { Act, Heard, Message, Part } from '../dialects/act.ts'
import { readDefinitions } from '../dialects/items.ts'
import { messagesOfRequest, messagesOfResponse } from '../dialects/provider-bodies.ts'
import { readEventStream } from '../http/sse.ts'
import type { StreamEvent } from '../http/sse.ts'
import { assembleList } from './google-generate.ts'
import type { ModelApi } from './model-api.ts'
import type { ReadBody, ReadExchange } from './read-exchange.ts'
import { credentialScope } from './credential-scope.ts'
import { modelApiOf, modelApiOfAnswer, modelApiOfPath } from './registry.ts'

/** What a model call over HTTP says; undefined for what is none. */
export function modelActs(
  exchange: ReadExchange,
): { readonly api: ModelApi; readonly acts: readonly Act[] } | undefined {
  const { request, response } = exchange
  if (request !== undefined && request.method !== 'POST' && request.method !== '') return undefined
  const asked = request?.text === undefined ? undefined : parseJsonText(request.text)
  const answer = readAnswer(response)
  const path = request?.path ?? ''
  const api =
    modelApiOf(path, asked) ??
    (asked === undefined ? (modelApiOfPath(path) ?? modelApiOfAnswer(answer.json, answer.events)) : undefined)
  if (api === undefined) return undefined
  const told = assembled(api, answer)
  const body = isJsonObject(asked) ? asked : undefined
  const definitions = readDefinitions(field(body, 'tools', 'functions'))
  return {
    api,
    acts: [
      {
        kind: 'inference',
        operation: api.operation,
        ...stated(api, exchange, { body, told }),
        finishReasons: told === undefined ? [] : api.finishReasons(told),
        usage: told === undefined ? {} : api.usage(told),
        input: inputOf(body, request),
        output: outputOf(told, response),
      },
      ...(definitions.length === 0 ? [] : [{ kind: 'definitions', definitions } as const]),
      ...answeredTools(messagesOfRequest(body) ?? []),
    ],
  }
}

type Answer = { readonly json: Json | undefined; readonly events: readonly StreamEvent[] }

function readAnswer(response: ReadExchange['response']): Answer {
  const text = response?.text
  if (text === undefined) return { json: undefined, events: [] }
  const isStream = /^text\/event-stream/i.test(response?.field('content-type') ?? '')
  if (isStream || /^(?:event|data|id|retry|):/.test(text)) return { json: undefined, events: readEventStream(text) }
  return { json: parseJsonText(text), events: [] }
}

function assembled(api: ModelApi, { json, events }: Answer): JsonObject | undefined {
  if (events.length > 0) return api.assemble(events)
  return isJsonObject(json) ? json : assembleList(json)
}

function stated(
  api: ModelApi,
  { request, response, remote }: ReadExchange,
  { body, told }: { readonly body: JsonObject | undefined; readonly told: JsonObject | undefined },
): Partial<Extract<Act, { readonly kind: 'inference' }>> {
  const provider = providerOf(request?.authority ?? '')
  const requestModel = api.requestModel(request?.path ?? '', body ?? {})
  const responseModel = textField(told, 'model', 'modelVersion')
  const responseId = textField(told, 'id', 'responseId')
  const endpoint = request?.authority ?? (remote === undefined ? undefined : `${remote.address}:${remote.port}`)
  const error = errorOf(response?.status, told)
  const scope = request === undefined ? undefined : credentialScope(request)
  return {
    ...(provider === undefined ? {} : { provider }),
    ...(requestModel === undefined ? {} : { requestModel }),
    ...(responseModel === undefined ? {} : { responseModel }),
    ...(responseId === undefined ? {} : { responseId }),
    ...(endpoint === undefined || endpoint === '' ? {} : { endpoint }),
    ...(scope === undefined ? {} : { credentialScope: scope }),
    ...(error === undefined ? {} : { error }),
  }
}

/** Whose service it is, where the name of the host says so; a gateway's does not. */
function providerOf(authority: string): string | undefined {
  const host = authority.replace(/:\d+$/, '').toLowerCase()
  return PROVIDERS.find(([suffix]) => host === suffix || host.endsWith(`.${suffix}`))?.[1]
}

const PROVIDERS: readonly (readonly [host: string, provider: string])[] = [
  ['api.openai.com', 'openai'],
  ['openai.azure.com', 'azure.ai.openai'],
  ['services.ai.azure.com', 'azure.ai.inference'],
  ['api.anthropic.com', 'anthropic'],
  ['generativelanguage.googleapis.com', 'gcp.gemini'],
  ['aiplatform.googleapis.com', 'gcp.vertex_ai'],
  ['api.mistral.ai', 'mistral_ai'],
  ['api.groq.com', 'groq'],
  ['api.deepseek.com', 'deepseek'],
  ['api.x.ai', 'x_ai'],
  ['api.perplexity.ai', 'perplexity'],
]

function errorOf(status: number | undefined, told: JsonObject | undefined): string | undefined {
  const error = field(told, 'error')
  const text = textField(error, 'message') ?? (typeof error === 'string' ? error : undefined)
  if (status !== undefined && status >= 400) return text === undefined ? `HTTP ${status}` : `HTTP ${status}: ${text}`
  return text
}

/** A body of which a part is missing is told as the text that came: cut, and never as messages that were not sent. */
function inputOf(body: JsonObject | undefined, request: ReadBody | undefined): Heard {
  const messages = messagesOfRequest(body)
  if (messages !== undefined) return messages
  if (request?.text === undefined) return 'not-seen'
  return [{ role: 'user', parts: [{ kind: 'other', value: request.text, isPartial: request.isPartial }] }]
}

function outputOf(told: JsonObject | undefined, response: ReadBody | undefined): Heard {
  const messages = told === undefined || field(told, 'error') !== undefined ? undefined : messagesOfResponse(told)
  const isPartial = response?.isPartial === true
  if (messages !== undefined) return isPartial ? messages.map(cutShort) : messages
  if (field(told, 'error') !== undefined) return []
  if (response?.text === undefined || response.text === '') return 'not-seen'
  return [{ role: 'assistant', parts: [{ kind: 'other', value: response.text, isPartial }] }]
}

/** What was put together from a stream that lacks something: the last part at least is not whole. */
function cutShort(message: Message): Message {
  return { ...message, parts: message.parts.map(cutPart) }
}

function cutPart(part: Part): Part {
  switch (part.kind) {
    case 'text':
    case 'reasoning':
    case 'other':
      return { ...part, isPartial: true }
    case 'tool-request':
      return 'value' in part.arguments ? { ...part, arguments: { ...part.arguments, isPartial: true } } : part
    case 'tool-response':
      return part
  }
}

/**
 * The tool results that this call brought: those behind the last answer of the model. The earlier ones were told by the
 * calls that brought them.
 */
function answeredTools(messages: readonly Message[]): readonly Act[] {
  const last = messages.findLastIndex(({ role, parts }) => role === 'assistant' && parts.length > 0)
  const names = new Map<string, string>()
  for (const message of messages)
    for (const part of message.parts)
      if (part.kind === 'tool-request' && part.callId !== undefined && part.name !== undefined)
        names.set(part.callId, part.name)
  return messages.slice(last + 1).flatMap(({ parts }) =>
    parts.flatMap((part): readonly Act[] => {
      if (part.kind !== 'tool-response') return []
      const name = part.name ?? (part.callId === undefined ? undefined : names.get(part.callId)) ?? 'unknown'
      const callId = part.callId === undefined ? {} : { callId: part.callId }
      return [{ kind: 'tool', name, ...callId, result: part.result }]
    }),
  )
}
