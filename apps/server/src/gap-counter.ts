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
export class GapCounter {
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
    this.#refusedRequests += 1
    this.#refusedRecords += refusal.records ?? 0
    this.#byReason.set(refusal.reason, (this.#byReason.get(refusal.reason) ?? 0) + 1)
    const sender = this.#window.size < GAP_SENDERS ? refusal.sender : 'others'
    const key = `${refusal.channel} ${refusal.reason} ${sender}`
    this.#window.set(key, joined(this.#window.get(key), { ...refusal, sender }, now))
    this.#timer ??= setTimeout(() => this.#flushLater(), GAP_WINDOW_MS)
  }

  /** Writes what is counted so far. Called at the end of each window and before the log closes. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const window = this.#window
    this.#window = new Map()
    for (const [key, counted] of window) {
      try {
        await this.#options.write(gapRecord(counted))
      } catch (error) {
        // The disk may be full: the count is kept and written with the next window.
        this.#window.set(key, joined(this.#window.get(key), counted, counted.to))
        this.#options.onError(error)
      }
    }
  }

  #flushLater(): void {
    this.flush().catch((error: unknown) => this.#options.onError(error))
  }
}

function joined(known: Counted | undefined, refusal: Refusal & Partial<Counted>, now: UnixNano): Counted {
  const records =
    known?.records === undefined && refusal.records === undefined
      ? undefined
      : (known?.records ?? 0) + (refusal.records ?? 0)
  const { records: _, ...rest } = refusal
  return {
    ...rest,
    ...(records === undefined ? {} : { records }),
    from: known?.from ?? refusal.from ?? now,
    to: now,
    requests: (known?.requests ?? 0) + (refusal.requests ?? 1),
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
