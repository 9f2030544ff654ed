import { AsyncLocalStorage } from 'node:async_hooks'
import http from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'

import { MAX_BATCH_REPORTS, MAX_QUEUED_REPORTS, MAX_REPORT_ANSWER_MS, REPORT_DELAY_MS } from '../limits.ts'
import { encodeAttributes } from '../otlp/encode.ts'
import type { OtlpSettings } from '../otlp/environment.ts'
import type { AttributeValue } from '../otlp/span.ts'
import { SDK_VERSION } from '../version.ts'
import type { SpanName } from './active-span.ts'

type End = { readonly address: string; readonly port: number }

/** Both ends of a connected socket, addresses as Node gives them. */
export type Ends = {
  readonly transport: 'tcp' | 'udp'
  readonly local: End
  readonly remote: End
  /** The host that was asked for, where known. */
  readonly name: string | undefined
}

type SocketReportsOptions = Pick<OtlpSettings, 'resource' | 'logsHeaders'> & { readonly logsUrl: string }

// Taken before an instrumentation replaces them: a report is no act of the agent.
const requestOf = { 'http:': http.request, 'https:': https.request } as const

/**
 * Sends reports as OTLP log records, `holdfast.socket` and others by their name, in batches. One request at a time and no second
 * attempt: what is not taken is counted, and the connection stays visible without its span.
 */
export class SocketReports {
  readonly #options: SocketReportsOptions
  readonly #ours = new AsyncLocalStorage<true>()
  readonly #agent: http.Agent
  #waiting: object[] = []
  #dropped = 0
  #timer: NodeJS.Timeout | undefined
  #isSending = false
  /** Of the request that is under way. */
  #socket: Socket | undefined
  #isEnding = false

  constructor(options: SocketReportsOptions) {
    this.#options = options
    this.#agent = new (options.logsUrl.startsWith('https:') ? https : http).Agent({ keepAlive: true, maxSockets: 1 })
    process.on('beforeExit', () => {
      this.#isEnding = true
      this.#send()
    })
  }

  /** True in code that runs for a request of ours. */
  isSending(): boolean {
    return this.#ours.getStore() === true
  }

  /** Counts a report that was not made. */
  drop(count = 1): void {
    this.#dropped += count
  }

  add(span: SpanName, { transport, local, remote, name }: Ends): void {
    if (this.#waiting.length >= MAX_QUEUED_REPORTS) {
      this.drop()
      return
    }
    const attributes = new Map<string, AttributeValue>([
      ['network.transport', transport],
      ['network.local.address', local.address],
      ['network.local.port', local.port],
      ['network.peer.address', remote.address],
      ['network.peer.port', remote.port],
      ['process.pid', process.pid],
    ])
    if (name !== undefined) attributes.set('server.address', name)
    this.#push('holdfast.socket', attributes, { traceId: span.traceId, spanId: span.spanId, flags: span.flags })
  }

  /** Takes a report of the process itself, which belongs to no span. */
  say(eventName: string, attributes: ReadonlyMap<string, AttributeValue>): void {
    if (this.#waiting.length >= MAX_QUEUED_REPORTS) this.drop()
    else this.#push(eventName, new Map([...attributes, ['process.pid', process.pid]]), {})
  }

  #push(eventName: string, attributes: ReadonlyMap<string, AttributeValue>, span: object): void {
    const timeUnixNano = String(BigInt(Date.now()) * 1_000_000n)
    this.#waiting.push({ timeUnixNano, eventName, ...span, attributes: encodeAttributes(attributes) })
    this.#schedule()
  }

  #schedule(): void {
    // Nothing but a request keeps the process from its end now.
    if (this.#isEnding) return this.#send()
    if (this.#timer !== undefined || this.#isSending) return
    // Not in the context of whoever used a socket first: that would be a span of the agent.
    this.#timer = this.#ours.run(true, () => setTimeout(() => this.#send(), REPORT_DELAY_MS))
    this.#timer.unref()
  }

  #send(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#waiting.length === 0) return
    if (this.#isSending) {
      // What waits goes once this one is answered: without it the process would end before.
      if (this.#isEnding) this.#socket?.ref()
      return
    }
    const batch = this.#waiting.splice(0, MAX_BATCH_REPORTS)
    this.#isSending = true
    const ended = (isTaken: boolean): void => {
      if (!this.#isSending) return
      this.#isSending = false
      this.#socket = undefined
      if (!isTaken) this.drop(batch.length)
      if (this.#waiting.length === 0) return
      if (this.#isEnding) this.#send()
      else this.#schedule()
    }
    try {
      this.#ours.run(true, () => this.#post(this.#bodyOf(batch), ended))
    } catch {
      ended(false)
    }
  }

  #post(body: string, ended: (isTaken: boolean) => void): void {
    const url = new URL(this.#options.logsUrl)
    const request = requestOf[url.protocol === 'https:' ? 'https:' : 'http:'](
      url,
      {
        method: 'POST',
        agent: this.#agent,
        headers: {
          ...Object.fromEntries(this.#options.logsHeaders),
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
        signal: AbortSignal.timeout(MAX_REPORT_ANSWER_MS),
      },
      (response) => {
        response.resume()
        response.once('close', () => ended((response.statusCode ?? 500) < 300))
      },
    )
    request.once('error', () => ended(false))
    // The agent may end while a report is on its way; only what is sent because it ends is waited for.
    request.once('socket', (socket) => {
      this.#socket = socket
      if (this.#isEnding) socket.ref()
      else socket.unref()
    })
    request.end(body)
  }

  #bodyOf(logRecords: readonly object[]): string {
    const dropped = this.#dropped === 0 ? [] : [['holdfast.sdk.dropped_reports', this.#dropped] as const]
    const scope = {
      name: '@holdfast/sdk/register',
      version: SDK_VERSION,
      attributes: encodeAttributes(new Map(dropped)),
    }
    const resource = { attributes: encodeAttributes(this.#options.resource) }
    return JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords }] }] })
  }
}
