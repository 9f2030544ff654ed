import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json, JsonObject } from '../decode/any-value.ts'
import { held, OMITTED } from './act.ts'
import type { Held, Part } from './act.ts'

/**
 * Reads one part of a message in any of the shapes that providers and libraries use. The shapes do not overlap, so one
 * reader serves all dialects:
 * - OTel GenAI: `{type: 'text' | 'reasoning' | 'tool_call' | 'tool_call_response', content | arguments | response}`
 * - OpenAI: `{type: 'text' | 'input_text' | 'output_text', text}`, `function_call`, `function_call_output`, `reasoning`
 * - Anthropic: `text`, `thinking`, `tool_use`, `tool_result`
 * - AI SDK: `text`, `reasoning`, `tool-call`, `tool-result`
 * - Gemini: `{text, thought?}`, `{functionCall}`, `{functionResponse}`
 * - Bedrock: `{text}`, `{toolUse}`, `{toolResult}`, `{reasoningContent}`
 * Anything else is `other`, kept whole.
 */
export function readPart(json: Json): Part {
  if (typeof json === 'string') return { kind: 'text', text: json }
  if (!isJsonObject(json)) return { kind: 'other', value: json }
  const type = textField(json, 'type')
  return (type === undefined ? readUntyped(json) : readTyped(json, type)) ?? { kind: 'other', value: json }
}

/** Parts of a list, or of one value; null and absence give none. */
export function readParts(json: Json | undefined): readonly Part[] {
  if (json === undefined || json === null) return []
  return isJsonArray(json) ? json.map(readPart) : [readPart(json)]
}

/** One call of OpenAI's `tool_calls` list, LangChain's, or a flat one: `{id, name | function.name, arguments | args}`. */
export function readToolCall(json: Json): Part {
  const call = field(json, 'function') ?? json
  const source = isJsonObject(call) ? call : json
  return toolRequest(
    textField(json, 'id', 'call_id', 'toolCallId', 'tool_call_id'),
    typeof call === 'string' ? call : textField(source, 'name', 'toolName'),
    held(field(source, 'arguments', 'args', 'input') ?? field(json, 'arguments', 'args', 'input')),
  )
}

function readTyped(json: JsonObject, type: string): Part | undefined {
  switch (type) {
    case 'text':
    case 'input_text':
    case 'output_text':
    case 'summary_text': {
      const text = field(json, 'content', 'text', 'value')
      return typeof text === 'string' ? { kind: 'text', text } : undefined
    }
    case 'reasoning':
    case 'thinking':
    case 'reasoning_text':
      return readReasoning(json)
    case 'tool_call':
    case 'function_call':
    case 'tool-call':
    case 'tool_use':
    case 'function':
    case 'server_tool_call':
    case 'server_tool_use':
      return readRequest(json, type)
    case 'tool_call_response':
    case 'server_tool_call_response':
    case 'function_call_output':
    case 'function_call_result':
    case 'tool-result':
    case 'tool_result':
      return readResponse(json)
    // Strands' own classes, written out with their type.
    case 'toolUse':
      return readUntyped({ toolUse: json })
    case 'toolResult':
      return readUntyped({ toolResult: json })
    case 'refusal': {
      const text = textField(json, 'refusal')
      return text === undefined ? undefined : { kind: 'text', text }
    }
  }
  return undefined
}

function readRequest(json: JsonObject, type: string): Part | undefined {
  if (type === 'function' && field(json, 'function') !== undefined) return readToolCall(json)
  const name = textField(json, 'name', 'toolName', 'tool_name')
  if (name === undefined && type === 'function') return undefined
  return toolRequest(
    textField(json, 'call_id', 'callId', 'toolCallId', 'id'),
    name,
    held(field(json, 'arguments', 'input', 'args', 'server_tool_call')),
  )
}

function readResponse(json: JsonObject): Part {
  const value = field(json, 'response', 'result', 'output', 'content', 'server_tool_call_response')
  const name = textField(json, 'name', 'toolName', 'tool_name')
  return toolResponse(
    textField(json, 'call_id', 'callId', 'toolCallId', 'tool_use_id', 'tool_call_id', 'id'),
    name,
    value === undefined ? OMITTED : { value: plainResult(value) },
  )
}

function readReasoning(json: JsonObject): Part | undefined {
  const direct = textField(json, 'content', 'text', 'thinking', 'reasoning')
  if (direct !== undefined) return { kind: 'reasoning', text: direct }
  // OpenAI Responses: a list of summaries, or of reasoning texts.
  const lists = [field(json, 'summary'), field(json, 'content'), field(json, 'rawContent')]
  const texts = lists.flatMap((list) =>
    isJsonArray(list) ? list.flatMap((item) => textField(item, 'text') ?? []) : [],
  )
  return texts.length === 0 ? undefined : { kind: 'reasoning', text: texts.join('\n') }
}

function readUntyped(json: JsonObject): Part | undefined {
  const geminiCall = field(json, 'functionCall', 'function_call')
  if (geminiCall !== undefined)
    return toolRequest(
      textField(geminiCall, 'id'),
      textField(geminiCall, 'name'),
      held(field(geminiCall, 'args', 'arguments')),
    )
  const geminiResponse = field(json, 'functionResponse', 'function_response')
  if (geminiResponse !== undefined)
    return toolResponse(
      textField(geminiResponse, 'id'),
      textField(geminiResponse, 'name'),
      held(field(geminiResponse, 'response')),
    )
  const bedrockCall = field(json, 'toolUse')
  if (bedrockCall !== undefined)
    return toolRequest(
      textField(bedrockCall, 'toolUseId'),
      textField(bedrockCall, 'name'),
      held(field(bedrockCall, 'input')),
    )
  const bedrockResult = field(json, 'toolResult')
  if (bedrockResult !== undefined) {
    const value = field(bedrockResult, 'content')
    return toolResponse(
      textField(bedrockResult, 'toolUseId'),
      undefined,
      value === undefined ? OMITTED : { value: plainResult(value) },
    )
  }
  const bedrockReasoning = field(json, 'reasoningContent')
  const reasoning = textField(field(bedrockReasoning, 'reasoningText'), 'text')
  if (reasoning !== undefined) return { kind: 'reasoning', text: reasoning }
  const text = field(json, 'text')
  if (typeof text !== 'string') return undefined
  return field(json, 'thought') === true ? { kind: 'reasoning', text } : { kind: 'text', text }
}

/**
 * What the tool gave, without the wrapping that a provider puts around it: `[{text}]`, `[{type: 'text', text}]`, `{type:
 * 'json' | 'text', value}`. Wrapped and bare results then have one digest.
 */
export function plainResult(json: Json): Json {
  const type = textField(json, 'type')
  const wrapped = field(json, 'value', 'text')
  if (wrapped !== undefined && (type === 'json' || type === 'text' || type === 'error-text' || type === 'error-json'))
    return wrapped
  if (!isJsonArray(json) || json.length === 0) return json
  const texts: string[] = []
  for (const item of json) {
    const text = field(item, 'text', 'content')
    const only = isJsonObject(item) && Object.keys(item).length === 1
    const inner = only ? field(item, 'json') : undefined
    if (inner !== undefined && json.length === 1) return inner
    if (typeof text !== 'string' || !(only || isTextType(textField(item, 'type')))) return json
    texts.push(text)
  }
  return texts.join('\n')
}

function isTextType(type: string | undefined): boolean {
  return type === 'text' || type === 'output_text' || type === 'input_text'
}

function toolRequest(callId: string | undefined, name: string | undefined, args: Held): Part {
  return {
    kind: 'tool-request',
    ...(callId === undefined ? {} : { callId }),
    ...(name === undefined ? {} : { name }),
    arguments: args,
  }
}

function toolResponse(callId: string | undefined, name: string | undefined, result: Held): Part {
  return {
    kind: 'tool-response',
    ...(callId === undefined ? {} : { callId }),
    ...(name === undefined ? {} : { name }),
    result,
  }
}
