import { createHash, randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  injectTraceparent,
  isAsked,
  type Kept,
  type McpHeld,
  type MessageGate,
  type SeenMessage,
} from '@holdfast/capture'
import { unixNano } from '../clock.ts'
import { INJECT_BYTES } from '../limits.ts'
import type { Observed } from '../observed.ts'
import { newTraceparent } from '../source.ts'
import { callBefore } from './call-before.ts'
import { CANARY, isThrough, type TriedProxy } from './canary.ts'
import type { HandOverEnd } from '../hand-over/hand-over-end.ts'
import {
  answerUnreachable,
  beginUpstream,
  closeUpstream,
  fieldOf,
  fieldsToPass,
  passAnswer,
  withField,
  type RawFields,
} from './forward.ts'
import { passGatedAnswer } from './gated-answer.ts'
import { listenHttp, type ListenOptions } from './listen.ts'
import { passHandOver, type GivenMessage } from './pass-hand-over.ts'
import { readAnswer } from './read-answer.ts'

export type McpProxyOptions = ListenOptions & {
  readonly observed: Observed
  /** Whether requests without a trace context are given one; `trace` is that of the process. */
  readonly inject: boolean
  readonly trace: string | undefined
  /** Keeps what is not approved or held from passing. */
  readonly gate: MessageGate
  /** Where the server behind, or the one before, is another agent: each request is held against the roster. */
  readonly handOver?: HandOverEnd
}

/**
 * Stands before an MCP server over streamable HTTP, of either era: fields, sessions and resumption pass untouched, streams
 * as they come. Rejects with the error of `listen` where the port is taken.
 */
export async function startMcpProxy(options: McpProxyOptions): Promise<TriedProxy> {
  let exchanges = 0
  const canary = randomBytes(16).toString('hex')
  const proxy = await listenHttp(options, (request, response) => {
    exchanges += 1
    const isCanary = fieldOf(request.rawHeaders, CANARY) === canary
    new Exchange(options, { name: `x${exchanges}`, isCanary }).run(request, response)
  })
  return {
    url: proxy.url,
    reachesUpstream: (message) => isThrough(proxy.url, { message, canary }),
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]()
      closeUpstream()
      options.observed.flush()
    },
  }
}

/** One HTTP request and its answer. */
class Exchange {
  readonly #options: McpProxyOptions
  readonly #name: string
  readonly #isCanary: boolean
  /** What the request said, told once its session is known. */
  #asked: Omit<SeenMessage, 'session'> | undefined
  #session: string | undefined
  #noted: readonly McpHeld[] = []

  constructor(options: McpProxyOptions, own: { readonly name: string; readonly isCanary: boolean }) {
    this.#options = options
    this.#name = own.name
    this.#isCanary = own.isCanary
  }

  run(request: IncomingMessage, response: ServerResponse): void {
    this.#session = sessionOf(fieldOf(request.rawHeaders, 'mcp-session-id'))
    const held: Buffer[] = []
    let heldBytes = 0
    let upstream: ReturnType<typeof beginUpstream> | undefined
    const begin = (fields: RawFields): ReturnType<typeof beginUpstream> => {
      const begun = this.#begin(request, response, fields)
      upstream = begun
      return begun
    }
    // A message is of use to the server only when it is whole, so it may be held until it is.
    request.on('data', (chunk: Buffer) => {
      if (upstream !== undefined) {
        // It began before something was held, and what it says is not known.
        if (this.#options.gate.isActive) return void response.destroy()
        if (upstream.write(chunk)) return
        request.pause()
        upstream.once('drain', () => request.resume())
        return
      }
      held.push(chunk)
      heldBytes += chunk.length
      if (heldBytes <= INJECT_BYTES) return
      const mustBeRead = this.#options.gate.isActive || this.#options.handOver !== undefined
      if (mustBeRead || this.#isCanary) return this.#refuseBody(request, response, 413)
      // Passes in pieces from here on; what it says is told as not kept.
      this.#options.observed.lose()
      const begun = begin(fieldsToPass(request.rawHeaders))
      for (const piece of held.splice(0)) begun.write(piece)
    })
    request.once('end', () => {
      if (upstream !== undefined) return void upstream.end()
      if (response.headersSent) return
      const message = Buffer.concat(held)
      const pass = (): void => {
        if (this.#isAnswered(request, response, message)) return
        if (this.#isCanary) response.writeHead(204, { [CANARY]: 'through' }).end()
        else this.#passWhole(request, message, begin)
      }
      void this.#prepared({ request, response, message }).then((mayPass) => {
        if (mayPass && !response.destroyed) pass()
      })
    })
    response.once('close', () => {
      if (!response.writableFinished) upstream?.destroy()
    })
  }

  /** What goes before a message: the other agent is asked for its name, and the server what our gate wants of it. */
  async #prepared(given: GivenMessage): Promise<boolean> {
    // A message that is made up ends here.
    if (this.#isCanary) return true
    const { handOver, upstream, gate, observed } = this.#options
    const known = { exchange: this.#name, ...this.#ofSession() }
    const note = (seen: SeenMessage): void => observed.note({ ...seen, ...known })
    const handed = handOver === undefined ? undefined : await passHandOver(handOver, { ...given, note })
    this.#noted = handed?.noted ?? []
    if (handed?.mayPass === false) return false
    const { request, message } = given
    await callBefore(gate.before?.(message) ?? [], { upstream, request, gate, note })
    return true
  }

  /** True where the gate keeps the message from the server: it is answered then. */
  #isAnswered(request: IncomingMessage, response: ServerResponse, message: Buffer): boolean {
    const { gate, observed } = this.#options
    if (!isAsked(gate) || message.length === 0) return false
    const coding = fieldOf(request.rawHeaders, 'content-encoding')
    if (coding !== undefined && coding.trim().toLowerCase() !== 'identity') {
      if (!gate.isActive) return false
      this.#refuseBody(request, response, 415)
      return true
    }
    const verdict = gate.toServer(message)
    if (verdict.do === 'pass' || verdict.do === 'replace') {
      // What a policy that only watches would have refused is told with the request.
      this.#noted = [...this.#noted, ...(verdict.held ?? [])]
      return false
    }
    if (verdict.do === 'drop' || verdict.do === 'withhold') {
      this.#refuseBody(request, response, 400)
      return true
    }
    const { bytes, withheld } = verdict
    const held = [...this.#noted, ...verdict.held]
    if (bytes === undefined) response.writeHead(202).end()
    else response.writeHead(200, { 'content-type': 'application/json' }).end(bytes)
    if (this.#isCanary) return true
    const known = { exchange: this.#name, ...this.#ofSession() }
    observed.note({ direction: 'to-server', bytes: message, at: unixNano(), isStopped: true, held, ...known })
    if (bytes !== undefined) observed.note({ direction: 'to-client', bytes, at: unixNano(), withheld, ...known })
    return true
  }

  /** For a body that cannot be held or read, and so not be checked. */
  #refuseBody(request: IncomingMessage, response: ServerResponse, status: 400 | 413 | 415): void {
    if (!this.#isCanary) this.#options.observed.lose()
    request.removeAllListeners('data')
    request.resume()
    const why = { 400: 'cannot be read', 413: 'is too large', 415: 'is coded' }[status]
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' })
    response.end(`holdfast: the message ${why}, so it cannot be checked\n`)
  }

  #passWhole(
    request: IncomingMessage,
    message: Buffer,
    begin: (fields: RawFields) => ReturnType<typeof beginUpstream>,
  ): void {
    const { inject, trace } = this.#options
    const fields = fieldsToPass(request.rawHeaders)
    const header = fieldOf(fields, 'traceparent')
    const isMessage = message.length > 0 && request.method === 'POST'
    const traceparent = isMessage && inject && header === undefined ? newTraceparent(trace) : undefined
    // A body that is coded passes as it is: it would have to be coded anew.
    const isPlain = fieldOf(fields, 'content-encoding') === undefined
    const changed = traceparent === undefined || !isPlain ? undefined : injectTraceparent(message, traceparent)
    const sized =
      changed === undefined || fieldOf(fields, 'content-length') === undefined
        ? fields
        : withField(fields, 'content-length', String(changed.length))
    const upstream = begin(this.#options.handOver?.fieldsFor(sized, changed ?? message) ?? sized)
    upstream.end(changed ?? (message.length > 0 ? message : undefined))
    if (!isMessage) return
    this.#asked = {
      direction: 'to-server',
      bytes: message,
      at: unixNano(),
      exchange: this.#name,
      ...(this.#noted.length === 0 ? {} : { held: this.#noted }),
      ...(header === undefined ? {} : { header }),
      ...(changed === undefined || traceparent === undefined ? {} : { injected: traceparent }),
    }
    if (this.#session !== undefined) this.#tellAsked()
  }

  #begin(request: IncomingMessage, response: ServerResponse, fields: RawFields): ReturnType<typeof beginUpstream> {
    const { upstream, gate } = this.#options
    // A coded answer cannot be checked without undoing what the client would have to undo.
    const asked = !gate.isActive ? fields : withField(fields, 'accept-encoding', 'identity')
    const begun = beginUpstream({ upstream, request, fields: asked })
    begun.once('error', (fault) => {
      this.#tellAsked()
      answerUnreachable(response, upstream, fault)
    })
    begun.once('response', (answer) => {
      if (gate.isActive || isCheckable(answer)) {
        this.#beginAnswer(answer)
        passGatedAnswer({ answer, response, gate, tell: (told, kept) => this.#tellAnswer(told, kept) })
        return
      }
      this.#beginAnswer(answer)
      const { observed } = this.#options
      const { chunk, end } = readAnswer(answer, { tell: (said) => this.#tellAnswer(said), lose: () => observed.lose() })
      passAnswer(answer, response, {
        chunk,
        end: () => void end(),
        // It began before something was held, and cannot be checked: the client asks again, and is answered uncoded.
        mayPass: () => !gate.isActive,
      })
    })
    return begun
  }

  #beginAnswer(answer: IncomingMessage): void {
    // The answer to `initialize` gives the session its id.
    this.#session ??= sessionOf(fieldOf(answer.rawHeaders, 'mcp-session-id'))
    this.#tellAsked()
  }

  #tellAsked(): void {
    const asked = this.#asked
    this.#asked = undefined
    if (asked !== undefined) this.#options.observed.note({ ...asked, ...this.#ofSession() })
  }

  #tellAnswer(bytes: Buffer | undefined, kept?: Kept): void {
    if (bytes === undefined) return this.#options.observed.lose()
    // An event without data opens a stream that can be resumed, and is no message.
    if (bytes.length === 0) return
    const { observed } = this.#options
    const told = { exchange: this.#name, ...this.#ofSession(), ...kept }
    observed.note({ direction: 'to-client', bytes, at: unixNano(), ...told })
  }

  #ofSession(): { readonly session?: string } {
    return this.#session === undefined ? {} : { session: this.#session }
  }
}

/** True for messages that may be read as they are: they pass one by one, so that a hold takes effect on the next. */
function isCheckable({ rawHeaders }: IncomingMessage): boolean {
  const coding = fieldOf(rawHeaders, 'content-encoding') ?? 'identity'
  const type = fieldOf(rawHeaders, 'content-type') ?? ''
  return coding.trim().toLowerCase() === 'identity' && /^(?:text\/event-stream|application\/json)\b/.test(type)
}

/** A name for the session that does not give its id away: whoever has that may speak in it. */
function sessionOf(id: string | undefined): string | undefined {
  return id === undefined ? undefined : createHash('sha256').update(id).digest('hex').slice(0, 12)
}
