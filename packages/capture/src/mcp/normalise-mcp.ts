import type { Component, EventBody, EventContext, LogEntry } from '@holdfast/model'
import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { parseJsonText } from '../decode/json-text.ts'
import { NO_FIELD } from '../dialects/act.ts'
import type { Act } from '../dialects/act.ts'
import { oneEvent, writeEvents } from '../dialects/write-events.ts'
import type { EventFrame } from '../dialects/write-events.ts'
import type { Normalised } from '../normalised.ts'
import { sourceTag } from '../source-tag.ts'
import { readMcpEntry } from './frame.ts'
import type { ReadCall, ReadFrame } from './frame.ts'
import { MAX_BATCH_CALLS } from './limits.ts'
import { messageActs } from './message-acts.ts'
import type { McpHeld } from './message-gate.ts'

const DIALECT = 'mcp'

/**
 * Reads one MCP message that went by a proxy: definitions and catalogues, calls and results, what entered the context, and
 * what a server asked of the model or the person behind the client. Undefined where the bytes are no entry of a proxy.
 */
export function normaliseMcp(entry: LogEntry, body: Uint8Array): Normalised | undefined {
  const read = readMcpEntry(body)
  if (read === undefined) return undefined
  const { frame, message } = read
  const json = parseJsonText(message)
  const isBatch = isJsonArray(json) && json.length > 0
  const messages = isBatch ? json.slice(0, MAX_BATCH_CALLS) : [json]
  const events: Normalised['events'][number][] = []
  let cut = isBatch ? json.length - messages.length : 0
  for (const [at, item] of messages.entries()) {
    const call = callOf(item, frame)
    const own = eventFrame(entry, frame, { call, at })
    // What the proxy asks by itself is no act of the agent.
    const said = call?.isOwn === true ? [] : messageActs(item, { call, frame })
    const acts = [...said, ...(at === 0 ? withheldActs(frame) : [])]
    const written = writeEvents(acts, own)
    const bodies = frameBodies(item, { call, frame })
    const told = [...bodies.map(([slot, made]) => oneEvent(own, slot, made)), ...written.events]
    events.push(...(told.length === 0 ? [oneEvent(own, 'step', stepOf(item, call))] : told))
    cut += written.cut
  }
  return { events, dialect: DIALECT, mapped: 1, unmapped: [], cut }
}

function callOf(message: Json | undefined, { calls }: ReadFrame): ReadCall | undefined {
  const id = isJsonObject(message) ? message['id'] : undefined
  if (id === undefined) return undefined
  const text = JSON.stringify(typeof id === 'bigint' ? Number(id) : id)
  return calls.find((call) => call.id === text)
}

/** What the proxy did itself: what it took out of a message, or whose request it answered in place of the server. */
function withheldActs({ withheld = [], held = [], catalogue, direction }: ReadFrame): readonly Act[] {
  const verdict = catalogue === undefined ? 'refused' : 'withheld'
  const unapproved = withheld.map((target): Act => ({
    kind: 'guardrail',
    name: 'approved-tools',
    verdict,
    target,
    detail: NO_FIELD,
  }))
  const kept = direction === 'to-server' ? 'refused' : 'withheld'
  return [...unapproved, ...held.map((one) => heldAct(one, kept))]
}

function heldAct(one: McpHeld, kept: 'refused' | 'withheld'): Act {
  const { target } = one
  if ('order' in one)
    return {
      kind: 'guardrail',
      name: 'proxy-hold',
      verdict: kept,
      target,
      detail: { value: `order ${one.order}` },
    }
  if ('memory' in one) {
    const { memory, reason } = one
    const facts = { ...memory, reason }
    const { fault } = memory
    const verdict = fault === 'purged' ? 'purged' : fault === 'not-purged' ? 'not purged' : kept
    return { kind: 'guardrail', name: 'memory', verdict, target, facts, detail: { value: facts } }
  }
  if ('handOver' in one) {
    const { handOver, fault, outcome, reasons } = one
    const verdict = outcome === 'refused' ? 'refused' : 'would be refused'
    const facts = { ...handOver, fault }
    return { kind: 'guardrail', name: 'hand-over', verdict, target, facts, detail: { value: { ...facts, reasons } } }
  }
  const { artifact, pointer, mode } = one
  const verdict = mode === 'enforce' ? kept : `would be ${kept}`
  return { kind: 'guardrail', name: 'policy', verdict, target, detail: { value: { artifact, line: pointer, mode } } }
}

/** What the frame alone says: the server that was loaded, and what it offers. */
function frameBodies(
  message: Json | undefined,
  { call, frame }: { readonly call: ReadCall | undefined; readonly frame: ReadFrame },
): readonly (readonly [slot: string, body: EventBody])[] {
  const bodies: (readonly [string, EventBody])[] = []
  if (frame.isNewServer === true && frame.server !== undefined) {
    bodies.push(['server', { kind: 'component', component: serverOf(frame), state: 'loaded', loader: frame.target }])
  }
  const { catalogue, server } = frame
  const isPage = call?.method === 'tools/list' && field(message, 'result') !== undefined
  if (catalogue !== undefined && isPage) {
    bodies.push([
      'catalogue',
      {
        kind: 'tool-catalogue',
        server: server?.name ?? frame.target,
        ...(server === undefined || server.version === '' ? {} : { serverVersion: server.version }),
        ...(frame.protocol === undefined ? {} : { protocolVersion: frame.protocol }),
        ...catalogue,
      },
    ])
  }
  return bodies
}

function serverOf({ server, transport, target, protocol, client }: ReadFrame): Component {
  return {
    kind: 'mcp-server',
    name: server?.name ?? target,
    ...(server === undefined || server.version === '' ? {} : { version: server.version }),
    details: {
      transport,
      endpoint: target,
      ...(protocol === undefined ? {} : { protocol }),
      ...(client === undefined ? {} : { client: `${client.name} ${client.version}`.trim() }),
    },
  }
}

/** Whatever else goes by: kept, shown, and named by its method. */
function stepOf(message: Json | undefined, call: ReadCall | undefined): EventBody {
  const isMessage = isJsonObject(message) && message['jsonrpc'] === '2.0'
  if (!isMessage) {
    return { kind: 'step', name: 'mcp: not a JSON-RPC message', mapped: false, error: 'not JSON-RPC 2.0', unmapped: [] }
  }
  const method = textField(message, 'method')
  const error = errorOf(message)
  const name = method ?? (call === undefined ? 'an answer to an unseen request' : `answer to ${call.method}`)
  return {
    kind: 'step',
    name: `mcp ${name}`.slice(0, 256),
    mapped: true,
    ...(error === undefined ? {} : { error }),
    unmapped: [],
  }
}

function errorOf(message: Json | undefined): string | undefined {
  const error = field(message, 'error')
  return error === undefined ? undefined : (textField(error, 'message') ?? 'error').slice(0, 4096)
}

function eventFrame(
  entry: LogEntry,
  frame: ReadFrame,
  { call, at }: { readonly call: ReadCall | undefined; readonly at: number },
): EventFrame {
  const { channel, instance, credential, tier, clock, agent, agentName, resource } = entry.envelope
  const source = parseJsonText(Buffer.from(resource).toString('utf8'))
  const pid = textField(source, 'pid')
  return {
    shared: {
      entry: entry.index,
      recordedAt: entry.recordedAt,
      source: {
        channel,
        instance,
        credential,
        tier,
        clock,
        dialect: DIALECT,
        instrumentation: instrumentationOf(frame),
      },
      agent: { id: agent, name: agentName, ...(pid === undefined ? {} : { instance: pid.slice(0, 256) }) },
      context: contextOf(frame, { agent, call, run: textField(source, 'run') }),
    },
    start: frame.at,
    idPrefix: `mcp.${sourceTag(entry.envelope)}.${frame.session}.${frame.number}${at === 0 ? '' : `.${at}`}`,
    isMasked: entry.masks.length > 0,
  }
}

function instrumentationOf({ transport, protocol }: ReadFrame): string {
  return `mcp ${transport}${protocol === undefined ? '' : ` ${protocol}`}`.slice(0, 256)
}

/** A message without a trace of its own stands with what else its run, or this session, did. */
function contextOf(
  frame: ReadFrame,
  known: { readonly agent: string; readonly call: ReadCall | undefined; readonly run: string | undefined },
): EventContext {
  const { call, agent, run } = known
  if (call?.trace === undefined && frame.trace !== undefined) return { trace: frame.trace }
  if (call?.trace === undefined) return { session: `${agent}~${run ?? `mcp.${frame.session}`}`.slice(0, 512) }
  return {
    trace: call.trace,
    ...(call.span === undefined ? {} : { span: call.span }),
    ...(call.parent === undefined ? {} : { parentSpan: call.parent }),
  }
}
