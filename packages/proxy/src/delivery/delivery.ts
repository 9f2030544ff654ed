import { setTimeout as delay } from 'node:timers/promises'
import { encodeProxyBatch, type ProxySource } from '@holdfast/capture'
import {
  BATCH_BYTES,
  BATCH_ENTRIES,
  CLOSE_MS,
  CLOSE_RETRY_MS,
  CLOSE_TRIES,
  ENTRY_BYTES,
  FIRST_RETRY_MS,
  LAST_RETRY_MS,
  MEMORY_BYTES,
  SEND_DELAY_MS,
  SPILL_BYTES,
} from '../limits.ts'
import { Spool, type Batch } from './spool.ts'

/** `refused`: the server will never take it, and has counted it. `unreachable`: later, perhaps. */
export type SendOutcome =
  | { readonly status: 'stored' | 'refused' }
  | { readonly status: 'unreachable'; readonly reason: string }

export type DeliveryOptions = {
  readonly source: ProxySource
  /** Folder that the proxies of one server share; made when it is needed. */
  readonly spool: string
  /** Never rejects. `signal` ends it early. */
  readonly send: (batch: Batch, signal: AbortSignal) => Promise<SendOutcome>
  /** Told once: the server is not there, and the record is kept on disk meanwhile. */
  readonly onAway: (reason: string) => void
}

/**
 * Brings entries to the server, in order and once each, without ever making who records them wait: they wait in memory,
 * and while the server is away or slow, on disk. What finds no room is counted, and the count goes along with every batch.
 */
export class Delivery {
  readonly #options: DeliveryOptions
  readonly #spool: Spool
  #waiting: Uint8Array[] = []
  #waitingBytes = 0
  #sequence = 0
  #lost = 0
  #lostTold = 0
  #lostSince: string | undefined
  #timer: NodeJS.Timeout | undefined
  #draining: Promise<void> | undefined
  #spilling: Promise<void> | undefined
  #hasSaid = false
  #isClosing = false
  readonly #closing = new AbortController()
  /** Ends the wait before the next try. */
  readonly #waking = new AbortController()

  constructor(options: DeliveryOptions) {
    this.#options = options
    const { source, spool } = options
    this.#spool = new Spool({ folder: spool, kind: source.kind, start: source.start })
  }

  /** Entries that could not be kept. */
  get lost(): number {
    return this.#lost
  }

  /** Takes one entry; returns at once. */
  record(entry: Uint8Array): void {
    if (entry.length > ENTRY_BYTES || this.#waitingBytes + entry.length > MEMORY_BYTES) return this.lose(1)
    this.#waiting.push(entry)
    this.#waitingBytes += entry.length
    if (this.#waitingBytes > SPILL_BYTES) this.#spilling ??= this.#spill().finally(() => (this.#spilling = undefined))
    this.#schedule()
  }

  /** Counts what could not be made an entry of. */
  lose(count: number): void {
    this.#lost += count
    this.#lostSince ??= new Date().toISOString()
    this.#schedule()
  }

  /** Begins with what proxies before this one could not deliver. */
  async start(): Promise<void> {
    await this.#spool.adopt()
    if (!this.#spool.isEmpty) this.#schedule()
  }

  /** Delivers what it can within `withinMs`, and puts the rest on disk. */
  async close(withinMs: number = CLOSE_MS): Promise<void> {
    clearTimeout(this.#timer)
    this.#isClosing = true
    // The last try is made now, however long the wait for it was to be.
    this.#waking.abort()
    const end = setTimeout(() => this.#closing.abort(), withinMs)
    // A batch on its way no longer waits, and has not arrived either.
    while (!this.#closing.signal.aborted && (this.#isWaiting || this.#draining !== undefined)) await this.#drained()
    this.#closing.abort()
    clearTimeout(end)
    await this.#draining
    await this.#spilling
    await this.#spill()
  }

  get #isWaiting(): boolean {
    return this.#waiting.length > 0 || !this.#spool.isEmpty || this.#lost > this.#lostTold
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#draining !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      void this.#drained()
    }, SEND_DELAY_MS)
    // The session keeps the process alive, not its record.
    this.#timer.unref()
  }

  /** One drain at a time; it is forgotten after it ended, also where it found nothing to do. */
  #drained(): Promise<void> {
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = undefined
      if (this.#isWaiting && !this.#closing.signal.aborted) this.#schedule()
    })
    return this.#draining
  }

  async #drain(): Promise<void> {
    let retryMs = FIRST_RETRY_MS
    let lastTries = 0
    while (this.#isWaiting && !this.#closing.signal.aborted) {
      const spooled = await this.#spool.oldest()
      const batch = spooled ?? this.#take()
      const isLast = this.#isClosing
      const outcome = await this.#options.send(batch, this.#closing.signal)
      if (outcome.status !== 'unreachable') {
        retryMs = FIRST_RETRY_MS
        lastTries = 0
        if (spooled !== undefined) await this.#spool.remove(spooled)
        continue
      }
      if (spooled === undefined) await this.#keep(batch)
      await this.#spill()
      if (this.#closing.signal.aborted) break
      this.#sayAway(outcome.reason)
      // A try that began before the end is not one of the last ones.
      if (isLast) lastTries += 1
      if (lastTries === CLOSE_TRIES) this.#closing.abort()
      if (isLast) await delay(CLOSE_RETRY_MS, undefined, { signal: this.#closing.signal }).catch(() => undefined)
      else await delay(retryMs, undefined, { ref: false, signal: this.#waking.signal }).catch(() => undefined)
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)
    }
  }

  #sayAway(reason: string): void {
    if (this.#hasSaid) return
    this.#hasSaid = true
    this.#options.onAway(reason)
  }

  /** The next batch of what waits in memory; empty where only a loss is to be told. */
  #take(): Batch & { readonly entries: number } {
    let bytes = 0
    let count = 0
    for (const entry of this.#waiting) {
      if (count === BATCH_ENTRIES || (count > 0 && bytes + entry.length > BATCH_BYTES)) break
      bytes += entry.length
      count += 1
    }
    const entries = this.#waiting.splice(0, count)
    this.#waitingBytes -= bytes
    this.#sequence += 1
    this.#lostTold = this.#lost
    const { source } = this.#options
    const lost = this.#lostSince === undefined ? {} : { lost: { records: this.#lost, since: this.#lostSince } }
    const body = Uint8Array.from(encodeProxyBatch({ source, ...lost }, entries))
    return { kind: source.kind, start: source.start, sequence: this.#sequence, body, entries: count }
  }

  /** All that waits in memory goes to disk. */
  async #spill(): Promise<void> {
    while (this.#waiting.length > 0) await this.#keep(this.#take())
  }

  async #keep(batch: Batch & { readonly entries?: number }): Promise<void> {
    if (await this.#spool.write(batch)) return
    const { entries = 0 } = batch
    if (entries > 0) this.lose(entries)
  }
}
