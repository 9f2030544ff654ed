import type { OtlpEncoding } from '@holdfast/capture'
import type { Outgoing, OutgoingAnswer } from '@holdfast/connectors'
import type { Logger } from 'pino'
import { retryAfterMs } from '../back-off.ts'
import type { Signal } from '../otlp/answer-bytes.ts'
import { BodyPool } from '../otlp/body-pool.ts'
import { HOPS_HEADER } from './hops.ts'
import {
  AT_ONCE,
  DRAIN_MS,
  FORWARD_PACE,
  GIVEN_UP_AFTER_MS,
  MAX_HOPS,
  POOLED_FROM_BYTES,
  QUEUE_BYTES,
  QUEUE_REQUESTS,
} from './limits.ts'
import { rejectedOf } from './partial-success.ts'

/** A request that was recorded, or counted where it holds metrics. */
export type Accepted = {
  readonly signal: Signal
  readonly encoding: OtlpEncoding
  /** As it came, credentials masked. Its memory is the request's: what is kept of it is a copy. */
  readonly body: Uint8Array
  /** Spans, log records or data points in it. */
  readonly records: number
  /** Servers that it came through. */
  readonly hops: readonly string[]
}

/**
 * Why a request was not passed on: no room beside those that wait; the endpoint took no such request; it was tried for too
 * long; it came through too many servers; a record of it was refused here; the server ended.
 */
export const LOSSES = ['queue-full', 'refused', 'too-old', 'too-many-hops', 'rejected-in-part', 'ended'] as const
export type Loss = (typeof LOSSES)[number]

type Count = { requests: number; records: number }

export type ForwardState = {
  /** Scheme, host and port: a path may hold a key. */
  readonly to: string
  readonly waiting: { readonly requests: number; readonly bytes: number }
  readonly delivered: Readonly<Count>
  readonly lost: ReadonlyMap<Loss, Readonly<Count>>
  /** Records of delivered requests that the endpoint said it did not take. */
  readonly rejectedThere: number
  /** What the newest try that failed came to; absent where the newest arrived. */
  readonly failing?: string
}

export type ForwarderParts = {
  /** Without a slash at its end. */
  readonly endpoint: string
  readonly headers: Readonly<Record<string, string>>
  /** The name of this server among {@link Accepted.hops}. */
  readonly hop: string
  readonly outgoing: Pick<Outgoing, 'send'>
  /** Milliseconds, monotonic. */
  readonly nowMs: () => number
  /** 0 to 1. */
  readonly random: () => number
  /** Calls back once after so many milliseconds, unless what it returns is called before. */
  readonly later: (ms: number, call: () => void) => () => void
  readonly logger: Pick<Logger, 'warn'>
  readonly queueBytes?: number
}

type Waiting = Omit<Accepted, 'body'> & { readonly body: Buffer<ArrayBuffer>; readonly sinceMs: number }

const MEDIA_TYPES: Readonly<Record<OtlpEncoding, string>> = {
  proto: 'application/x-protobuf',
  json: 'application/json',
}
/** What a sender tries again (OTLP, "Retryable Response Codes"); all else would come to the same. */
const RETRYABLE: readonly number[] = [429, 502, 503, 504]

/**
 * Passes on what was recorded to another OTLP/HTTP endpoint. It is offered a request once that is durable and answers at once:
 * nothing that records ever waits for it. What cannot be delivered is counted by its reason. The queue is in memory, because
 * the log has all of it: what waits when the process is killed is lost to the endpoint alone.
 */
export class Forwarder implements AsyncDisposable {
  readonly #parts: ForwarderParts
  readonly #queue: Waiting[] = []
  readonly #lost = new Map<Loss, Count>()
  readonly #delivered: Count = { requests: 0, records: 0 }
  readonly #cut = new AbortController()
  /** Memory of large copies is used again: half a megabyte from outside the heap for each request has the collector run. */
  readonly #pool = new BodyPool()
  /** Of all that waits or is under way. */
  #bytes = 0
  #running = 0
  #rejectedThere = 0
  #failing: string | undefined
  /** Tries that failed since the newest that arrived. */
  #failures = 0
  /** While nothing is sent because the endpoint failed. */
  #cancelPause: (() => void) | undefined
  #isClosing = false
  #drained: (() => void) | undefined

  constructor(parts: ForwarderParts) {
    this.#parts = parts
  }

  get hop(): string {
    return this.#parts.hop
  }

  offer({ body, ...accepted }: Accepted): void {
    const { queueBytes = QUEUE_BYTES, nowMs } = this.#parts
    if (accepted.hops.length >= MAX_HOPS) return this.lose('too-many-hops', accepted.records)
    if (this.#isClosing) return this.lose('ended', accepted.records)
    if (this.#queue.length >= QUEUE_REQUESTS || this.#bytes + body.length > queueBytes)
      return this.lose('queue-full', accepted.records)
    this.#bytes += body.length
    this.#queue.push({ ...accepted, body: this.#copyOf(body), sinceMs: nowMs() })
    this.#pump()
  }

  /** Counts a request that does not reach the endpoint. */
  lose(why: Loss, records: number): void {
    const count = this.#lost.get(why) ?? { requests: 0, records: 0 }
    count.requests += 1
    count.records += records
    this.#lost.set(why, count)
  }

  state(): ForwardState {
    return {
      to: new URL(this.#parts.endpoint).origin,
      waiting: { requests: this.#queue.length + this.#running, bytes: this.#bytes },
      delivered: this.#delivered,
      lost: this.#lost,
      rejectedThere: this.#rejectedThere,
      ...(this.#failing === undefined ? {} : { failing: this.#failing }),
    }
  }

  /** Tries what waits once more, for {@link DRAIN_MS} at most, and says how much was left. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true
    this.#failures = 0
    this.#cancelPause?.()
    this.#cancelPause = undefined
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#drained = resolve
    const stop = this.#parts.later(DRAIN_MS, () => {
      for (const waiting of this.#queue.splice(0)) this.#giveUp('ended', waiting)
      this.#cut.abort()
    })
    this.#pump()
    await promise
    stop()
    const left = this.#lost.get('ended')
    if (left !== undefined)
      this.#parts.logger.warn({ ...left }, 'telemetry was recorded and not passed on before the end')
  }

  /** Starts as many as may be under way: one while the endpoint fails, to see whether it is back. */
  #pump(): void {
    const atOnce = this.#failures > 0 ? 1 : AT_ONCE
    while (this.#cancelPause === undefined && this.#running < atOnce) {
      const next = this.#queue.shift()
      if (next === undefined) break
      this.#running += 1
      this.#send(next)
        .catch((error: unknown) => {
          // A fault of ours: this one is not tried again, and the rest goes on.
          this.#giveUp('refused', next)
          this.#failing = error instanceof Error ? error.name : 'it failed'
        })
        .finally(() => {
          this.#running -= 1
          this.#pump()
        })
        // Neither throws: it counts, and starts the next.
        .catch(() => undefined)
    }
    if (this.#isClosing && this.#running === 0 && this.#queue.length === 0) this.#drained?.()
  }

  async #send(waiting: Waiting): Promise<void> {
    const { endpoint, headers, hop, outgoing } = this.#parts
    const { signal, encoding, body, hops } = waiting
    const answer = await outgoing.send({
      method: 'POST',
      url: `${endpoint}/v1/${signal}`,
      headers: { ...headers, 'content-type': MEDIA_TYPES[encoding], [HOPS_HEADER]: [...hops, hop].join(',') },
      body,
      signal: this.#cut.signal,
    })
    if (answer.status === 'answered' && answer.code >= 200 && answer.code < 300)
      return this.#noteDelivered(waiting, answer.bytes)
    this.#failing = saidOf(answer)
    if (answer.status === 'answered' && !RETRYABLE.includes(answer.code)) return this.#giveUp('refused', waiting)
    this.#again(waiting, answer.status === 'answered' ? answer.retryAfterMs : undefined)
  }

  #copyOf(body: Uint8Array): Buffer<ArrayBuffer> {
    if (body.length < POOLED_FROM_BYTES) return Buffer.from(body)
    const copy = this.#pool.take(body.length)
    copy.set(body)
    return copy
  }

  #giveUp(why: Loss, { body, records }: Waiting): void {
    this.#bytes -= body.length
    this.lose(why, records)
  }

  #noteDelivered({ encoding, body, records }: Waiting, answer: Uint8Array): void {
    this.#bytes -= body.length
    // Of no other: where a request ends before it was sent whole, its memory may still be read.
    if (body.length >= POOLED_FROM_BYTES) this.#pool.give(body)
    this.#failing = undefined
    this.#failures = 0
    this.#delivered.requests += 1
    this.#delivered.records += records
    this.#rejectedThere += Math.min(records, rejectedOf(encoding, answer))
  }

  /** Behind the others: OTLP has no order, and one that an endpoint never takes must not hold up the rest. */
  #again(waiting: Waiting, askedMs: number | undefined): void {
    const { nowMs, random, later } = this.#parts
    if (this.#isClosing) return this.#giveUp('ended', waiting)
    if (nowMs() - waiting.sinceMs >= GIVEN_UP_AFTER_MS) this.#giveUp('too-old', waiting)
    else this.#queue.push(waiting)
    // Those that were under way together are one failure of the endpoint.
    if (this.#cancelPause !== undefined) return
    this.#failures += 1
    this.#cancelPause = later(retryAfterMs(FORWARD_PACE, this.#failures, random, askedMs), () => {
      this.#cancelPause = undefined
      this.#pump()
    })
  }
}

/** The code alone: what an endpoint writes may repeat what it was sent. */
function saidOf(answer: OutgoingAnswer): string {
  switch (answer.status) {
    case 'answered':
      return `answered ${answer.code}`
    case 'not-allowed':
      return `not sent: ${answer.reason}`
    case 'unreachable':
      return answer.reason
  }
}
