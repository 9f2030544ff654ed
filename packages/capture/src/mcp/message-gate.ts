import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json, JsonObject } from '../decode/any-value.ts'
import { parseJsonText } from '../decode/json-text.ts'
import { MAX_FRAME_TEXT } from './limits.ts'

/** What an order kept from passing: the order's id, and the tool, URI or method. */
export type McpHeld = { readonly order: string; readonly target: string }

/** What did not pass of a message: tools that are not approved, and what an order holds. */
export type Kept = { readonly withheld: readonly string[]; readonly held: readonly McpHeld[] }

/** What is to be done with a message. */
export type GateVerdict =
  | { readonly do: 'pass' }
  /** These bytes go on in its place. */
  | ({ readonly do: 'replace'; readonly bytes: Buffer } & Kept)
  /** It does not go on: whoever sent it is answered with these bytes, or with nothing where it asked for no answer. */
  | ({ readonly do: 'answer'; readonly bytes: Buffer | undefined } & Kept)
  /** It does not go on, and nobody is answered. */
  | ({ readonly do: 'withhold' } & Kept)
  /** It cannot be read, and so not be checked. */
  | { readonly do: 'drop' }

/** Decides about each message of a session. Untrusted, both sides. */
export type MessageGate = {
  /** False while nothing would be kept from passing: messages need not be held whole then. */
  readonly isActive: boolean
  readonly toClient: (message: Uint8Array) => GateVerdict
  readonly toServer: (message: Uint8Array) => GateVerdict
}

/** One gate behind the other: what the first lets pass the second sees as the first left it. */
export function bothGates(first: MessageGate, second: MessageGate): MessageGate {
  const inTurn = (side: 'toClient' | 'toServer', message: Uint8Array): GateVerdict => {
    const before: GateVerdict = first.isActive ? first[side](message) : { do: 'pass' }
    if (!second.isActive || (before.do !== 'pass' && before.do !== 'replace')) return before
    const after = second[side](before.do === 'replace' ? before.bytes : message)
    if (before.do === 'pass' || after.do === 'drop') return after
    if (after.do === 'pass') return before
    const kept = { withheld: [...before.withheld, ...after.withheld], held: [...before.held, ...after.held] }
    return { ...after, ...kept }
  }
  return {
    get isActive() {
      return first.isActive || second.isActive
    },
    toClient: (message) => inTurn('toClient', message),
    toServer: (message) => inTurn('toServer', message),
  }
}

/** Bytes that no JSON reader would take for a message may pass; those that only ours cannot read may not. */
export function parsedMessage(message: Uint8Array): { readonly json: Json } | 'no JSON' | 'unreadable' {
  const text = Buffer.from(message.buffer, message.byteOffset, message.byteLength)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
  const json = parseJsonText(text)
  if (isJsonObject(json) || isJsonArray(json)) return { json }
  return /^\s*[[{]/.test(text) ? 'unreadable' : 'no JSON'
}

/** The tool that a message calls; empty where it calls one without a name. */
export function calledTool(message: Json): string | undefined {
  if (textField(message, 'method') !== 'tools/call') return undefined
  return textField(field(message, 'params'), 'name') ?? ''
}

/** Where the message asks for an answer: one that refuses it. */
export function errorFor(message: Json, error: JsonObject): readonly Json[] {
  const id = isJsonObject(message) ? message['id'] : undefined
  return id === undefined || textField(message, 'method') === undefined ? [] : [{ jsonrpc: '2.0', id, error }]
}

/** As servers of either era name themselves. */
export function serverNamed(result: Json | undefined): string | undefined {
  const told = field(result, 'serverInfo') ?? field(field(result, '_meta'), 'io.modelcontextprotocol/serverInfo')
  return shortName(textField(told, 'name'))
}

export function shortName(name: string): string
export function shortName(name: string | undefined): string | undefined
export function shortName(name: string | undefined): string | undefined {
  return name?.slice(0, MAX_FRAME_TEXT).toWellFormed()
}
