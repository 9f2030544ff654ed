import type { HandOver, HandOverFault, MemoryFault, PolicyMode } from '@holdfast/model'
import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json, JsonObject } from '../decode/any-value.ts'
import { parseJsonText, writeJsonText } from '../decode/json-text.ts'
import { MAX_FRAME_TEXT } from './limits.ts'

/** What an order kept from passing: the order's id, and the tool, URI or method; what a policy or the roster did, or would have. */
export type McpHeld = { readonly order: string; readonly target: string } | PolicyDenial | HeldHandOver | HeldMemory

/** A text that was not remembered, or that comes back no more. `digest` is of the text, in hex. */
export type HeldMemory = {
  readonly memory: { readonly fault: MemoryFault; readonly label: string; readonly digest?: string }
  readonly reason: string
  readonly target: string
}

/** Work that was not handed over to another agent, or only because the roster is open. */
export type HeldHandOver = {
  readonly handOver: HandOver
  readonly fault: HandOverFault
  readonly outcome: 'refused' | 'reported'
  readonly reasons: readonly string[]
  readonly target: string
}

/** A tool that a policy does not let through. Where its mode is `monitor` it passed all the same. */
export type PolicyDenial = {
  readonly artifact: string
  /** Line of the artifact's document: RFC 6901. */
  readonly pointer: string
  readonly mode: PolicyMode
  readonly target: string
}

/** What did not pass of a message: tools that are not approved, and what an order holds. */
export type Kept = { readonly withheld: readonly string[]; readonly held: readonly McpHeld[] }

/** What is to be done with a message. */
export type GateVerdict =
  /** It goes on as it is; what a policy that only watches would have kept is in `held`. */
  | { readonly do: 'pass'; readonly held?: readonly McpHeld[] }
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
  /** It keeps nothing from passing and is shown what passes whole: what cannot be shown passes all the same. */
  readonly isWatching?: boolean
  readonly toClient: (message: Uint8Array) => GateVerdict
  readonly toServer: (message: Uint8Array) => GateVerdict
  /** Requests of our own for the server, to go before this message: `toClient` is shown their answers, and withholds them. */
  readonly before?: (message: Uint8Array) => readonly Buffer[]
}

/** One gate behind the other: what the first lets pass the second sees as the first left it. */
export function bothGates(first: MessageGate, second: MessageGate): MessageGate {
  const inTurn = (side: 'toClient' | 'toServer', message: Uint8Array): GateVerdict => {
    const before: GateVerdict = isAsked(first) ? first[side](message) : { do: 'pass' }
    if (!isAsked(second) || (before.do !== 'pass' && before.do !== 'replace')) return before
    const after = second[side](before.do === 'replace' ? before.bytes : message)
    if (after.do === 'drop') return after
    const held = [...(before.held ?? []), ...(after.held ?? [])]
    if (before.do === 'pass' && after.do === 'pass') return withNoted(held)
    if (after.do === 'pass') return { ...before, held }
    const withheld = before.do === 'pass' ? after.withheld : [...before.withheld, ...after.withheld]
    return { ...after, withheld, held }
  }
  return {
    get isActive() {
      return first.isActive || second.isActive
    },
    get isWatching() {
      return first.isWatching === true || second.isWatching === true
    },
    before: (message) => [...(first.before?.(message) ?? []), ...(second.before?.(message) ?? [])],
    toClient: (message) => inTurn('toClient', message),
    toServer: (message) => inTurn('toServer', message),
  }
}

/** Passing, with what was noted. */
function withNoted(held: readonly McpHeld[]): GateVerdict {
  return held.length === 0 ? { do: 'pass' } : { do: 'pass', held }
}

/** True where messages that can be held whole are shown to the gate. */
export function isAsked(gate: MessageGate): boolean {
  return gate.isActive || gate.isWatching === true
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

/** What answers a message that is refused whole, each of a batch; undefined where it asks for no answer or cannot be read. */
export function errorBytes(message: Uint8Array, error: JsonObject): Buffer | undefined {
  const read = parsedMessage(message)
  if (typeof read === 'string') return undefined
  const { json } = read
  if (!isJsonArray(json)) return errorFor(json, error).map((one) => Buffer.from(writeJsonText(one)))[0]
  const answers = json.flatMap((one) => errorFor(one, error))
  return answers.length === 0 ? undefined : Buffer.from(writeJsonText(answers))
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
