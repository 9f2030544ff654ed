import { HAND_OVER_FAULTS, parseSha256, parseSpanId, parseTraceId, parseUnixNanoText } from '@holdfast/model'
import type { Sha256, SpanId, TraceId, UnixNano } from '@holdfast/model'
import { field, isJsonArray, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { parseJsonText } from '../decode/json-text.ts'
import { MAX_HELD_REASONS, MAX_WITHHELD } from './limits.ts'
import type { McpHeld } from './message-gate.ts'

/**
 * What a proxy knows of one MCP message beside its bytes. An entry of encoding `mcp-message` is this as one line of JSON,
 * a line feed, and the message verbatim. All texts but the proxy's own are captured: untrusted, at most 512 characters.
 */
export type McpFrame = {
  readonly version: 1
  /** One run of the proxy, and where a transport has several, one of its sessions. Never the transport's own session id. */
  readonly session: string
  /** Number of the message in the run of the proxy, from 1. */
  readonly number: number
  readonly direction: McpDirection
  /** Unix ns when it went by, decimal. */
  readonly at: string
  readonly transport: 'stdio' | 'http'
  /** What the proxy was told to start or to reach: a program's name, an address without credentials. */
  readonly target: string
  /** As the server names itself, once it did. A claim. */
  readonly server?: McpParty
  readonly client?: McpParty
  readonly protocol?: string
  /** True on the message in which the server first names itself, or names itself otherwise than before. */
  readonly isNewServer?: true
  /** Trace of the whole session, for what has none of its own. */
  readonly trace?: string
  /** The requests that the message makes or answers. */
  readonly calls: readonly McpCall[]
  readonly catalogue?: McpCatalogue
  /**
   * Tools that the proxy took out of this list before it passed it on, or whose call it answers with this message, because
   * they are not approved.
   */
  readonly withheld?: readonly string[]
  /** What orders or a policy kept from passing, out of this message or by answering a request with it; or would have. */
  readonly held?: readonly McpHeld[]
  /** The request did not go on to the server. */
  readonly isStopped?: true
}

export type McpDirection = 'to-server' | 'to-client'
export type McpParty = { readonly name: string; readonly version: string }

/** One request, told with the message that makes it and again with the one that answers it. */
export type McpCall = {
  /** The JSON-RPC id as JSON text. */
  readonly id: string
  readonly method: string
  readonly callId: string
  /** Tool or prompt that is named, or URI of the resource. */
  readonly subject?: string
  /** Task that the request asks about, or that its answer names. */
  readonly task?: string
  readonly trace?: string
  /** Span that the proxy itself named to the server. */
  readonly span?: string
  readonly parent?: string
  /** The proxy itself asked, and nobody behind it. */
  readonly isOwn?: true
}

/** All that a server has listed up to this page, digests taken of the bytes that went by (before masking). */
export type McpCatalogue = {
  readonly tools: readonly { readonly name: string; readonly definition: string }[]
  readonly digest: string
  readonly isWhole: boolean
  readonly isAnnounced: boolean
}

/** The bytes of an entry. */
export function encodeMcpEntry(frame: McpFrame, message: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify(frame)}\n`), message])
}

/** What a reader needs of a frame. */
export type ReadFrame = Omit<McpFrame, 'at' | 'calls' | 'catalogue' | 'trace'> & {
  readonly at: UnixNano
  readonly trace?: TraceId
  readonly calls: readonly ReadCall[]
  readonly catalogue?: ReadCatalogue
}

type ReadCatalogue = Omit<McpCatalogue, 'tools' | 'digest'> & {
  readonly tools: readonly { readonly name: string; readonly definition: Sha256 }[]
  readonly digest: Sha256
}

export type ReadCall = Omit<McpCall, 'trace' | 'span' | 'parent'> & {
  readonly trace?: TraceId
  readonly span?: SpanId
  readonly parent?: SpanId
}

const LF = 0x0a

/** Undefined where the bytes are no entry of a proxy. Untrusted, the frame too: whoever has a token can send one. */
export function readMcpEntry(bytes: Uint8Array): { readonly frame: ReadFrame; readonly message: string } | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = buffer.indexOf(LF)
  const json = end < 0 ? undefined : parseJsonText(buffer.toString('utf8', 0, end))
  const frame = json === undefined ? undefined : readFrame(json)
  return frame === undefined ? undefined : { frame, message: buffer.toString('utf8', end + 1) }
}

function readFrame(json: Json): ReadFrame | undefined {
  const session = textField(json, 'session') ?? ''
  const number = field(json, 'number')
  const direction = field(json, 'direction')
  const at = parseUnixNanoText(textField(json, 'at') ?? '')
  const transport = field(json, 'transport')
  if (field(json, 'version') !== 1 || !/^[A-Za-z0-9-]{1,80}$/.test(session) || at === undefined) return undefined
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 1) return undefined
  if (direction !== 'to-server' && direction !== 'to-client') return undefined
  if (transport !== 'stdio' && transport !== 'http') return undefined
  const server = readParty(field(json, 'server'))
  const client = readParty(field(json, 'client'))
  const protocol = textField(json, 'protocol')
  const trace = parseTraceId(textField(json, 'trace') ?? '')
  const calls = field(json, 'calls')
  const catalogue = readCatalogue(field(json, 'catalogue'))
  const withheld = field(json, 'withheld')
  const held = field(json, 'held')
  return {
    version: 1,
    session,
    number,
    direction,
    at,
    transport,
    target: textField(json, 'target') ?? 'unknown',
    ...(server === undefined ? {} : { server }),
    ...(client === undefined ? {} : { client }),
    ...(protocol === undefined ? {} : { protocol }),
    ...(field(json, 'isNewServer') === true ? { isNewServer: true } : {}),
    ...(trace === undefined ? {} : { trace }),
    calls: isJsonArray(calls) ? calls.flatMap(readCall) : [],
    ...(catalogue === undefined ? {} : { catalogue }),
    ...(isJsonArray(withheld)
      ? { withheld: withheld.filter((name) => typeof name === 'string').slice(0, MAX_WITHHELD) }
      : {}),
    ...(isJsonArray(held) ? { held: held.slice(0, MAX_WITHHELD).flatMap(readHeld) } : {}),
    ...(field(json, 'isStopped') === true ? { isStopped: true } : {}),
  }
}

function readHeld(json: Json): readonly McpHeld[] {
  const order = textField(json, 'order')
  const target = textField(json, 'target')
  if (target === undefined) return []
  if (order !== undefined) return [{ order, target }]
  const memory = readMemory(json, target)
  if (memory !== undefined) return [memory]
  const handOver = readHandOver(json, target)
  if (handOver !== undefined) return [handOver]
  const artifact = textField(json, 'artifact') ?? ''
  const pointer = textField(json, 'pointer')
  if (!/^[0-9a-f]{64}$/.test(artifact) || pointer === undefined) return []
  return [{ artifact, pointer, mode: field(json, 'mode') === 'enforce' ? 'enforce' : 'monitor', target }]
}

function readMemory(json: Json, target: string): McpHeld | undefined {
  const given = field(json, 'memory')
  const fault = MEMORY_FAULTS.find((kind) => kind === field(given, 'fault'))
  const label = textField(given, 'label')
  if (fault === undefined || label === undefined) return undefined
  const digest = parseSha256(textField(given, 'digest') ?? '')
  const memory = { fault, label, ...(digest === undefined ? {} : { digest }) }
  return { memory, reason: textField(json, 'reason') ?? '', target }
}

const MEMORY_FAULTS = ['unlabelled', 'no-rule', 'unknown-class', 'expired', 'purged', 'not-purged'] as const

function readHandOver(json: Json, target: string): McpHeld | undefined {
  const given = field(json, 'handOver')
  const [from, to] = [textField(given, 'from'), textField(given, 'to')]
  const fault = HAND_OVER_FAULTS.find((kind) => kind === field(json, 'fault'))
  if (from === undefined || to === undefined || fault === undefined) return undefined
  const reasons = field(json, 'reasons')
  const told = isJsonArray(reasons) ? reasons.filter((one) => typeof one === 'string').slice(0, MAX_HELD_REASONS) : []
  const outcome = field(json, 'outcome') === 'refused' ? 'refused' : 'reported'
  return { handOver: { from, to }, fault, outcome, reasons: told, target }
}

function readParty(json: Json | undefined): McpParty | undefined {
  const name = textField(json, 'name')
  return name === undefined ? undefined : { name, version: textField(json, 'version') ?? '' }
}

function readCall(json: Json): readonly ReadCall[] {
  const id = textField(json, 'id')
  const method = textField(json, 'method')
  const callId = textField(json, 'callId')
  if (id === undefined || method === undefined || callId === undefined) return []
  const subject = textField(json, 'subject')
  const task = textField(json, 'task')
  const trace = parseTraceId(textField(json, 'trace') ?? '')
  const span = parseSpanId(textField(json, 'span') ?? '')
  const parent = parseSpanId(textField(json, 'parent') ?? '')
  return [
    {
      ...(field(json, 'isOwn') === true ? { isOwn: true } : {}),
      id,
      method,
      callId,
      ...(subject === undefined ? {} : { subject }),
      ...(task === undefined ? {} : { task }),
      ...(trace === undefined ? {} : { trace }),
      ...(trace === undefined || span === undefined ? {} : { span }),
      ...(trace === undefined || parent === undefined ? {} : { parent }),
    },
  ]
}

function readCatalogue(json: Json | undefined): ReadCatalogue | undefined {
  const digest = parseSha256(textField(json, 'digest') ?? '')
  const tools = field(json, 'tools')
  if (digest === undefined || !isJsonArray(tools)) return undefined
  return {
    tools: tools.flatMap((tool) => {
      const name = textField(tool, 'name')
      const definition = parseSha256(textField(tool, 'definition') ?? '')
      return name === undefined || definition === undefined ? [] : [{ name, definition }]
    }),
    digest,
    isWhole: field(json, 'isWhole') === true,
    isAnnounced: field(json, 'isAnnounced') === true,
  }
}
