import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { parseJsonText } from '../decode/json-text.ts'
import { encodeMcpEntry } from './frame.ts'
import type { McpCall, McpCatalogue, McpDirection, McpFrame, McpParty } from './frame.ts'
import { MAX_BATCH_CALLS, MAX_FRAME_TEXT, MAX_PENDING, MAX_SESSIONS, MAX_TASKS, MAX_WITHHELD } from './limits.ts'
import type { McpHeld } from './message-gate.ts'
import { ToolLists } from './tool-lists.ts'

export type McpObserverOptions = {
  /** One run of the proxy; `[A-Za-z0-9-]`, at most 40 characters. */
  readonly run: string
  readonly transport: 'stdio' | 'http'
  readonly target: string
  /** Trace that the whole process belongs to, where its environment names one. */
  readonly trace?: string
}

/** One message as it went by. */
export type SeenMessage = {
  readonly direction: McpDirection
  /** As it came, before anything was put in. */
  readonly bytes: Uint8Array
  /** Unix ns. */
  readonly at: bigint
  /** Tells apart the sessions of one HTTP endpoint; empty where there is none. `[A-Za-z0-9-]`. */
  readonly session?: string
  /** Tells apart the requests of HTTP clients that number theirs alike; empty on stdio. `[A-Za-z0-9-]`. */
  readonly exchange?: string
  /** `traceparent` of the request's own HTTP header. */
  readonly header?: string
  /** `traceparent` that the proxy put in, where it did. */
  readonly injected?: string
  /** Tools that the proxy withheld from it, or whose call it answers with it. */
  readonly withheld?: readonly string[]
  /** The same of what orders hold. */
  readonly held?: readonly McpHeld[]
  /** The request did not go on to the server. */
  readonly isStopped?: boolean
  /** The proxy itself asks. */
  readonly isOwn?: boolean
}

/**
 * Follows the sessions that go by one proxy, so that each entry says by itself what the message asks or answers. Pure but
 * for what it remembers, which is bounded (limits.ts). Untrusted: whatever bytes come, it answers.
 */
export class McpObserver {
  readonly #options: McpObserverOptions
  readonly #pending = new Map<string, McpCall>()
  readonly #tasks = new Map<string, McpCall>()
  readonly #sessions = new Map<string, Session>()
  readonly #lists = new ToolLists()
  /** What the last server said of itself: sessions of one endpoint are of one server. */
  #server: McpParty | undefined
  /** What was listed last, as far as it went by. */
  #catalogue: McpCatalogue | undefined
  #number = 0

  constructor(options: McpObserverOptions) {
    this.#options = options
  }

  /** Name that the server last gave itself. */
  get server(): string | undefined {
    return this.#server?.name
  }

  /** Its tools as it last listed them, whether they were let through or not. */
  get catalogue(): McpCatalogue | undefined {
    return this.#catalogue
  }

  /** The entry to record. */
  observe(seen: SeenMessage): Buffer {
    const { run, transport, target, trace } = this.#options
    const session = this.#sessionOf(seen.session ?? '')
    const json = parseJsonText(Buffer.from(seen.bytes).toString('utf8'))
    const messages = (isJsonArray(json) ? json : [json ?? null]).slice(0, MAX_BATCH_CALLS)
    const serverBefore = this.#server
    const calls: McpCall[] = []
    let catalogue: McpFrame['catalogue']
    for (const message of messages) {
      const call = this.#followCall(message, seen)
      if (call !== undefined) calls.push(call)
      this.#learn(message, call, session)
      catalogue =
        this.#lists.follow({ message, call, session: seen.session ?? '', direction: seen.direction }) ?? catalogue
    }
    this.#catalogue = catalogue ?? this.#catalogue
    this.#number += 1
    const server = this.#server
    const frame: McpFrame = {
      version: 1,
      session: [run, seen.session ?? ''].filter((part) => part !== '').join('-'),
      number: this.#number,
      direction: seen.direction,
      at: seen.at.toString(),
      transport,
      target: short(target),
      ...(server === undefined ? {} : { server }),
      ...(session.client === undefined ? {} : { client: session.client }),
      ...(session.protocol === undefined ? {} : { protocol: session.protocol }),
      ...(server !== undefined && !isSameParty(server, serverBefore) ? { isNewServer: true } : {}),
      ...(trace === undefined ? {} : { trace }),
      calls,
      ...(catalogue === undefined ? {} : { catalogue }),
      ...(seen.withheld === undefined || seen.withheld.length === 0
        ? {}
        : { withheld: seen.withheld.slice(0, MAX_WITHHELD).map(short) }),
      ...(seen.held === undefined || seen.held.length === 0 ? {} : { held: seen.held.slice(0, MAX_WITHHELD) }),
      ...(seen.isStopped === true ? { isStopped: true } : {}),
    }
    return encodeMcpEntry(frame, seen.bytes)
  }

  #sessionOf(name: string): Session {
    const known = this.#sessions.get(name) ?? { client: undefined, protocol: undefined }
    this.#sessions.delete(name)
    this.#sessions.set(name, known)
    forgetOldest(this.#sessions, MAX_SESSIONS)
    return known
  }

  /** The request that a message makes, or the one that it answers. */
  #followCall(message: Json, seen: SeenMessage): McpCall | undefined {
    const id = isJsonObject(message) ? message['id'] : undefined
    if (typeof id !== 'string' && typeof id !== 'number') return undefined
    const idText = short(JSON.stringify(id))
    const method = textField(message, 'method')
    const other = seen.direction === 'to-server' ? 'to-client' : 'to-server'
    if (method === undefined) {
      const answered = this.#takePending(keysOf(other, seen, idText))
      return answered === undefined ? undefined : this.#withTask(answered, message)
    }
    const call = this.#callOf({ id: idText, method: short(method), params: field(message, 'params'), seen })
    for (const key of keysOf(seen.direction, seen, idText)) this.#pending.set(key, call)
    forgetOldest(this.#pending, MAX_PENDING)
    return call
  }

  #takePending(keys: readonly string[]): McpCall | undefined {
    let found: McpCall | undefined
    for (const key of keys) {
      found ??= this.#pending.get(key)
      this.#pending.delete(key)
    }
    return found
  }

  #callOf(request: {
    readonly id: string
    readonly method: string
    readonly params: Json | undefined
    readonly seen: SeenMessage
  }): McpCall {
    const { id, method, params, seen } = request
    const subject = textField(params, 'name', 'uri') ?? textField(field(params, 'ref'), 'name', 'uri')
    const task = textField(params, 'taskId')
    const asked = task === undefined ? undefined : this.#tasks.get(task)
    const stated = statedCallId(field(params, '_meta'))
    const own = [this.#options.run, seen.session ?? '', seen.exchange ?? '', id].filter((part) => part !== '').join('/')
    return {
      id,
      method,
      callId: asked?.callId ?? short(stated ?? own),
      ...(asked?.subject === undefined && subject === undefined
        ? {}
        : { subject: short(subject ?? asked?.subject ?? '') }),
      ...(task === undefined ? {} : { task: short(task) }),
      ...this.#contextOf(params, seen),
      ...(seen.isOwn === true ? { isOwn: true } : {}),
    }
  }

  /** The message's own word first, then the header's, then what the proxy put in. */
  #contextOf(params: Json | undefined, seen: SeenMessage): Pick<McpCall, 'trace' | 'span' | 'parent'> {
    const stated = parts(textField(field(params, '_meta'), 'traceparent')) ?? parts(seen.header)
    if (stated !== undefined) return { trace: stated.trace, parent: stated.span }
    const own = parts(seen.injected)
    return own ?? {}
  }

  /** A task that an answer begins: what is asked of it later is told as of this call. */
  #withTask(call: McpCall, message: Json): McpCall {
    const result = field(message, 'result')
    const task =
      textField(field(result, 'task'), 'taskId') ??
      (textField(result, 'resultType') === 'task' ? textField(result, 'taskId') : undefined)
    if (task === undefined || call.task !== undefined) return call
    this.#tasks.set(task, call)
    forgetOldest(this.#tasks, MAX_TASKS)
    return { ...call, task: short(task) }
  }

  /** Who speaks, in either era: said once by `initialize`, or again with each request and result. */
  #learn(message: Json, call: McpCall | undefined, session: Session): void {
    const params = field(message, 'params')
    const result = field(message, 'result')
    const asked = field(params, '_meta')
    session.client =
      partyOf(field(params, 'clientInfo')) ?? partyOf(field(asked, `${STATELESS}clientInfo`)) ?? session.client
    this.#server =
      partyOf(field(result, 'serverInfo')) ??
      partyOf(field(field(result, '_meta'), `${STATELESS}serverInfo`)) ??
      this.#server
    // What a client proposes in `initialize` is not yet agreed upon; what it states for a stateless request holds.
    const protocol =
      textField(asked, `${STATELESS}protocolVersion`) ??
      (call?.method === 'initialize' ? textField(result, 'protocolVersion') : undefined)
    if (protocol !== undefined) session.protocol = short(protocol)
  }
}

type Session = { client: McpParty | undefined; protocol: string | undefined }

/** Prefix of the keys of a stateless request or result (MCP 2026-07-28). */
const STATELESS = 'io.modelcontextprotocol/'

function partyOf(json: Json | undefined): McpParty | undefined {
  const name = textField(json, 'name')
  return name === undefined ? undefined : { name: short(name), version: short(textField(json, 'version') ?? '') }
}

function isSameParty(a: McpParty, b: McpParty | undefined): boolean {
  return a.name === b?.name && a.version === b.version
}

/** The model's own id of the call, where a client passes it on (`claudecode/toolUseId` and its like). */
function statedCallId(meta: Json | undefined): string | undefined {
  if (!isJsonObject(meta)) return undefined
  const key = Object.keys(meta).find((name) => /(?:^|\/)(?:tool_?use_?id|tool_?call_?id)$/i.test(name))
  return key === undefined ? undefined : textField(meta, key)
}

function parts(traceparent: string | undefined): { readonly trace: string; readonly span: string } | undefined {
  const [, trace, span] = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}/.exec(traceparent ?? '') ?? []
  return trace === undefined || span === undefined ? undefined : { trace, span }
}

/** Under what a request waits: its own HTTP exchange first, then its session, where a resumed stream may answer it. */
function keysOf(direction: McpDirection, { session = '', exchange = '' }: SeenMessage, id: string): readonly string[] {
  const ofSession = `${direction} ${session} - ${id}`
  // Without a session, requests of several clients may have one id: only the exchange tells them apart.
  if (exchange === '') return [ofSession]
  const ofExchange = `${direction} ${session} ${exchange} ${id}`
  return session === '' ? [ofExchange] : [ofExchange, ofSession]
}

function forgetOldest(map: Map<string, unknown>, bound: number): void {
  while (map.size > bound) {
    const oldest = map.keys().next().value
    if (oldest === undefined) return
    map.delete(oldest)
  }
}

function short(text: string): string {
  return text.slice(0, MAX_FRAME_TEXT).toWellFormed()
}
