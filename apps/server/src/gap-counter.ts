import { formatRfc3339, type Channel, type ControlRecord, type GapReason, type UnixNano } from '@holdfast/model'
import { GAP_SENDERS, GAP_WINDOW_MS } from './limits.ts'

export type Refusal = {
  readonly sender: string
  readonly channel: Channel
  readonly reason: GapReason
  /** Records refused; absent where the body could not be read far enough to count. */
  readonly records?: number
  readonly detail: string
}

type Counted = Refusal & { readonly from: UnixNano; readonly to: UnixNano; readonly requests: number }

export type GapCounterOptions = {
  readonly clock: () => UnixNano
  /** Writes one gap record; it may fail while the disk is full, and is then tried again with the next window. */
  readonly write: (record: ControlRecord) => Promise<unknown>
  readonly onError: (error: unknown) => void
}

/**
 * Turns refusals into gap records: one a sender, reason and window, so that nothing is refused in silence (FC4) and a
 * flood of refusals cannot flood the log.
 */
export class GapCounter implements AsyncDisposable {
  readonly #options: GapCounterOptions
  #window = new Map<string, Counted>()
  #timer: NodeJS.Timeout | undefined
  #refusedRecords = 0
  #refusedRequests = 0
  readonly #byReason = new Map<GapReason, number>()

  constructor(options: GapCounterOptions) {
    this.#options = options
  }

  /** Totals since start. */
  get totals(): {
    readonly records: number
    readonly requests: number
    readonly byReason: ReadonlyMap<GapReason, number>
  } {
    return { records: this.#refusedRecords, requests: this.#refusedRequests, byReason: this.#byReason }
  }

  count(refusal: Refusal): void {
    const now = this.#options.clock()
    // The one gap of a request that was not refused.
    if (refusal.reason !== 'masks-unlisted') {
      this.#refusedRequests += 1
      this.#refusedRecords += refusal.records ?? 0
      this.#byReason.set(refusal.reason, (this.#byReason.get(refusal.reason) ?? 0) + 1)
    }
    const own = keyOf(refusal)
    const sender = this.#window.has(own) || this.#window.size < GAP_SENDERS ? refusal.sender : 'others'
    this.#add({ ...refusal, sender, from: now, to: now, requests: 1 })
  }

  /** Writes what is counted so far. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const window = this.#window
    this.#window = new Map()
    for (const counted of window.values()) {
      try {
        await this.#options.write(gapRecord(counted))
      } catch (error) {
        // The disk may be full: the count is kept and written with the next window.
        this.#add(counted)
        this.#options.onError(error)
      }
    }
  }

  /** Writes for the last time, before the log closes. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush()
    clearTimeout(this.#timer)
  }

  /** A count that is waiting always has a timer, so that it is written even where nothing is refused any more. */
  #add(counted: Counted): void {
    const key = keyOf(counted)
    this.#window.set(key, joined(this.#window.get(key), counted))
    this.#timer ??= setTimeout(() => this.#flushLater(), GAP_WINDOW_MS)
  }

  #flushLater(): void {
    this.flush().catch((error: unknown) => this.#options.onError(error))
  }
}

function keyOf({ channel, reason, sender }: Refusal): string {
  return `${channel} ${reason} ${sender}`
}

function joined(known: Counted | undefined, more: Counted): Counted {
  if (known === undefined) return more
  const records =
    known.records === undefined && more.records === undefined ? undefined : (known.records ?? 0) + (more.records ?? 0)
  const newer = known.to > more.to ? known : more
  return {
    sender: more.sender,
    channel: more.channel,
    reason: more.reason,
    detail: newer.detail,
    ...(records === undefined ? {} : { records }),
    from: known.from < more.from ? known.from : more.from,
    to: newer.to,
    requests: known.requests + more.requests,
  }
}

function gapRecord({ reason, sender, channel, records, requests, from, to, detail }: Counted): ControlRecord {
  return {
    kind: 'gap',
    reason,
    sender,
    channel,
    ...(records === undefined ? {} : { records }),
    requests,
    from: formatRfc3339(from),
    to: formatRfc3339(to),
    detail: detail.slice(0, 500),
  }
}
