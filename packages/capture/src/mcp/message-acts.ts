import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { held, NO_FIELD } from '../dialects/act.ts'
import type { Act, Definition, Document, Held, Message } from '../dialects/act.ts'
import { readParts } from '../dialects/parts.ts'
import { roleOf } from '../dialects/messages.ts'
import { definitionDigest } from './definition.ts'
import type { ReadCall, ReadFrame } from './frame.ts'

type Known = { readonly call: ReadCall | undefined; readonly frame: ReadFrame }

/** What one JSON-RPC message of MCP says that an agent, its server or its person did. Untrusted. */
export function messageActs(message: Json | undefined, known: Known): readonly Act[] {
  const params = field(message, 'params')
  const method = textField(message, 'method')
  if (method !== undefined) {
    return [...requestActs(method, params, known), ...inputResponses(field(params, 'inputResponses'))]
  }
  const { call } = known
  if (call === undefined) return []
  const result = field(message, 'result')
  const asked = inputRequests(field(result, 'inputRequests'))
  return asked.length > 0 ? asked : answerActs(call, { result, error: field(message, 'error') }, known)
}

/** What a request itself tells, whichever side makes it. */
function requestActs(method: string, params: Json | undefined, { call, frame }: Known): readonly Act[] {
  switch (method) {
    case 'tools/call':
      return [
        {
          kind: 'tool',
          name: textField(params, 'name') ?? 'unknown',
          ...(call === undefined ? {} : { callId: call.callId }),
          toolType: 'mcp',
          server: serverName(frame),
          // A tool without parameters is called without arguments.
          arguments: held(field(params, 'arguments'), { value: {} }),
        },
      ]
    case 'sampling/createMessage':
      return samplingRequest(params)
    case 'elicitation/create':
      return [elicitationRequest(params)]
  }
  return []
}

type Answer = { readonly result: Json | undefined; readonly error: Json | undefined }

function answerActs(call: ReadCall, { result, error }: Answer, { frame }: Known): readonly Act[] {
  switch (call.method) {
    case 'initialize':
    case 'server/discover':
      return instructionActs(result, frame)
    case 'tools/list':
      return definitionActs(result, frame)
    case 'tools/call':
    case 'tasks/result':
      // A task was begun: what it gives comes as the result of the task.
      return field(result, 'task') !== undefined || textField(result, 'resultType') === 'task'
        ? []
        : [toolResult(call, { result, error }, frame)]
    case 'tasks/get': {
      const inner = field(result, 'result')
      return inner === undefined ? [] : [toolResult(call, { result: inner, error: field(result, 'error') }, frame)]
    }
    case 'resources/read':
      return documentsAct(
        listOf(field(result, 'contents')).map((item) => resource(item, call)),
        frame,
      )
    case 'prompts/get':
      return documentsAct(
        listOf(field(result, 'messages')).map((item) => promptMessage(item, call)),
        frame,
      )
    case 'sampling/createMessage':
      return result === undefined ? [] : [samplingAnswer(result)]
    case 'elicitation/create':
      return result === undefined ? [] : [elicitationAnswer(result)]
  }
  return []
}

function serverName({ server, target }: ReadFrame): string {
  return server?.name ?? target
}

/** The server's own words on how to use it stand in the client's context. */
function instructionActs(result: Json | undefined, frame: ReadFrame): readonly Act[] {
  const instructions = textField(result, 'instructions')
  if (instructions === undefined) return []
  return documentsAct([{ origin: 'instructions', content: { value: instructions } }], frame)
}

function definitionActs(result: Json | undefined, frame: ReadFrame): readonly Act[] {
  const listed = new Map(frame.catalogue?.tools.map(({ name, definition }) => [name, definition]))
  const definitions = listOf(field(result, 'tools')).flatMap((tool): readonly Definition[] => {
    const name = textField(tool, 'name')
    if (name === undefined) return []
    // The proxy's digest is of the bytes before masking; where the frame has none, of what is here.
    const definition = listed.get(name) ?? definitionDigest(tool)
    return [
      {
        name,
        description: held(field(tool, 'description'), { value: '' }),
        parameters: held(field(tool, 'inputSchema')),
        server: serverName(frame),
        ...(definition === undefined ? {} : { definition }),
      },
    ]
  })
  return definitions.length === 0 ? [] : [{ kind: 'definitions', definitions }]
}

function toolResult(call: ReadCall, { result, error }: Answer, frame: ReadFrame): Act {
  const isError = field(result, 'isError') === true
  const failure = error === undefined ? (isError ? 'tool_error' : undefined) : (textField(error, 'message') ?? 'error')
  return {
    kind: 'tool',
    name: call.subject ?? 'unknown',
    callId: call.callId,
    toolType: 'mcp',
    server: serverName(frame),
    result: error === undefined ? resultContent(result) : { value: error },
    ...(failure === undefined ? {} : { error: failure }),
  }
}

/** One text is the text itself, as agents hand it to their model; anything else is kept as it was sent. */
function resultContent(result: Json | undefined): Held {
  const content = field(result, 'content')
  const structured = field(result, 'structuredContent')
  if (isJsonArray(content) && content.length === 1 && structured === undefined) {
    const text = field(content[0], 'text')
    if (field(content[0], 'type') === 'text' && typeof text === 'string') return { value: text }
  }
  if (content === undefined && structured === undefined) return held(result)
  return {
    value: {
      ...(content === undefined ? {} : { content }),
      ...(structured === undefined ? {} : { structuredContent: structured }),
    },
  }
}

function documentsAct(documents: readonly Document[], frame: ReadFrame): readonly Act[] {
  return documents.length === 0
    ? []
    : [{ kind: 'documents', query: NO_FIELD, dataSource: serverName(frame), documents }]
}

function resource(item: Json, call: ReadCall): Document {
  const uri = textField(item, 'uri') ?? call.subject
  return { ...(uri === undefined ? {} : { uri }), content: held(field(item, 'text') ?? field(item, 'blob')) }
}

function promptMessage(item: Json, call: ReadCall): Document {
  const content = field(item, 'content')
  const text = textField(content, 'text')
  return { origin: `prompt:${call.subject ?? 'unknown'}`, content: held(text ?? content) }
}

/** The server asks the client's model: its messages stand in that model's context. */
function samplingRequest(params: Json | undefined): readonly Act[] {
  const system = textField(params, 'systemPrompt')
  const messages: readonly Message[] = [
    ...(system === undefined ? [] : [{ role: 'system' as const, parts: readParts(system) }]),
    ...listOf(field(params, 'messages')).map((item) => ({
      role: roleOf(textField(item, 'role'), 'user'),
      parts: readParts(field(item, 'content')),
    })),
  ]
  return messages.length === 0 ? [] : [{ kind: 'said', side: 'input', messages }]
}

function samplingAnswer(result: Json): Act {
  const model = textField(result, 'model')
  const reason = textField(result, 'stopReason')
  return {
    kind: 'inference',
    operation: 'chat',
    ...(model === undefined ? {} : { responseModel: model }),
    finishReasons: reason === undefined ? [] : [reason],
    usage: {},
    // The entry of the request tells them.
    input: [],
    output: [{ role: 'assistant', parts: readParts(field(result, 'content')) }],
  }
}

/** The server asks the person: what it says is shown as the tool's word, what is answered as the person's. */
function elicitationRequest(params: Json | undefined): Act {
  const text = textField(params, 'message')
  return { kind: 'said', side: 'input', messages: [{ role: 'tool', parts: readParts(text ?? params) }] }
}

function elicitationAnswer(result: Json): Act {
  const content = field(result, 'content') ?? textField(result, 'action')
  const parts = content === undefined ? [] : [{ kind: 'other' as const, value: content }]
  return { kind: 'said', side: 'input', messages: [{ role: 'user', parts }] }
}

/** The stateless form: a result that asks, by key, what the older form asks in requests of its own. */
function inputRequests(requests: Json | undefined): readonly Act[] {
  if (!isJsonObject(requests)) return []
  return Object.values(requests).flatMap((request): readonly Act[] => {
    const params = field(request, 'params')
    const method = textField(request, 'method')
    if (method === 'sampling/createMessage') return samplingRequest(params)
    return method === 'elicitation/create' ? [elicitationRequest(params)] : []
  })
}

/** The answers come by the same keys, without a method: a sampled message has a role, an elicited one an action. */
function inputResponses(responses: Json | undefined): readonly Act[] {
  if (!isJsonObject(responses)) return []
  return Object.values(responses).flatMap((response): readonly Act[] => {
    if (textField(response, 'action') !== undefined) return [elicitationAnswer(response)]
    return textField(response, 'role') === undefined ? [] : [samplingAnswer(response)]
  })
}

function listOf(json: Json | undefined): readonly Json[] {
  return isJsonArray(json) ? json : []
}
