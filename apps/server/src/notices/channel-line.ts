import { createHash } from 'node:crypto'
import type { Channel, Delivery, DeliveryResult } from '@holdfast/connectors'
import type { NoticeRecord, UnixNano } from '@holdfast/model'
import type { Logger } from 'pino'
import { retryAfterMs } from '../back-off.ts'
import type { DeliveryState, KeptNotice, KeptNotices } from './kept-notices.ts'
import { GIVEN_UP_AFTER_MS, NOTICE_PACE, WAITING_PER_CHANNEL } from './limits.ts'

export type ChannelLineParts = {
  readonly kept: KeptNotices
  /** Resolves once it is on record, and in `kept`. */
  readonly write: (record: NoticeRecord) => Promise<void>
  readonly clock: () => UnixNano
  /** 0 to 1. */
  readonly random: () => number
  /** Calls back once after so many milliseconds, unless what it returns is called before. */
  readonly later: (ms: number, call: () => void) => () => void
  readonly logger: Logger
  /** Deliveries that may wait. */
  readonly waitingPerChannel?: number
}

type Waiting = { readonly kept: KeptNotice; readonly state: DeliveryState }

/** What one channel is told: sent in order, tried again where it fails, and given up in the end, each on record. */
export class ChannelLine {
  readonly #channel: Channel
  readonly #parts: ChannelLineParts
  /** What is being sent now. */
  #run: Promise<void> | undefined
  /** Something came while it was sending. */
  #isStale = false
  #pausedUntil = 0n as UnixNano // the past
  #cancel: (() => void) | undefined
  #isClosed = false

  constructor(channel: Channel, parts: ChannelLineParts) {
    this.#channel = channel
    this.#parts = parts
  }

  /** Sends what is due, and comes back when the next is. Safe to call at any time. */
  pump(): void {
    if (this.#isClosed) return
    if (this.#run !== undefined) {
      this.#isStale = true
      return
    }
    this.#cancel?.()
    this.#cancel = undefined
    this.#run = this.#sendDue()
      .catch((error: unknown) => {
        // Nothing is lost: what was not recorded as delivered is sent again under the same key.
        const channel = this.#channel.name
        this.#parts.logger.error({ err: error, channel }, 'notices could not be delivered or recorded yet')
        this.#pausedUntil = this.#in(retryAfterMs(NOTICE_PACE, 1, this.#parts.random))
      })
      .finally(() => {
        this.#run = undefined
        this.#sleep()
      })
  }

  /** Resolves once what is being sent now is on record. */
  async settled(): Promise<void> {
    await this.#run
  }

  /** Sends nothing more; what is under way goes on. */
  close(): void {
    this.#isClosed = true
    this.#cancel?.()
  }

  /** The oldest of too many is given up, on record. */
  async bound(): Promise<void> {
    const waiting = this.#waiting()
    const [oldest] = waiting
    const { waitingPerChannel = WAITING_PER_CHANNEL } = this.#parts
    if (oldest === undefined || waiting.length <= waitingPerChannel) return
    await this.#settle(oldest, {
      outcome: 'given-up',
      attempt: oldest.state.attempts,
      detail: `more than ${waitingPerChannel} notices wait for this channel`,
    })
  }

  async #sendDue(): Promise<void> {
    for (;;) {
      this.#isStale = false
      const due = this.#due().slice(0, this.#channel.batch)
      if (due.length === 0 || this.#isClosed) return
      const results = await this.#channel
        .deliver(due.map((one) => this.#deliveryOf(one)))
        // A channel's own fault is one try that failed, like any other.
        .catch((error: unknown): readonly DeliveryResult[] =>
          due.map(() => ({ status: 'retry', detail: error instanceof Error ? error.message : 'the channel failed' })),
        )
      for (const [i, one] of due.entries())
        await this.#note(one, results[i] ?? { status: 'retry', detail: 'the channel gave no result' })
    }
  }

  /** Those whose time has come, and of each incident only the first, so that what comes later stays later; a batch may hold more. */
  #due(): readonly Waiting[] {
    const now = this.#parts.clock()
    if (this.#pausedUntil > now) return []
    const held = new Set<string>()
    return this.#waiting().filter(({ kept, state: { nextTryAt } }) => {
      const isDue = !held.has(kept.notice.incident) && (nextTryAt === undefined || nextTryAt <= now)
      if (!isDue) held.add(kept.notice.incident)
      return isDue
    })
  }

  /** The oldest first. */
  #waiting(): readonly Waiting[] {
    return this.#parts.kept.all().flatMap((kept) => {
      const state = kept.deliveries.get(this.#channel.name)
      return state?.status === 'waiting' ? [{ kept, state }] : []
    })
  }

  #deliveryOf({ kept, state }: Waiting): Delivery {
    const { name } = this.#channel
    // What this channel was not told of, it does not show.
    const earlier = this.#parts.kept.earlier(kept).filter(({ deliveries }) => deliveries.has(name))
    return {
      key: keyOf(name, kept.notice.id),
      notice: kept.notice,
      // One try more than was heard of: the program may have ended within one.
      attempt: state.attempts + 1,
      earlier: earlier.map(({ notice }) => notice),
      references: earlier.flatMap(({ deliveries }) => deliveries.get(name)?.reference ?? []),
    }
  }

  async #note(waiting: Waiting, result: DeliveryResult): Promise<void> {
    const { random, clock } = this.#parts
    const attempt = waiting.state.attempts + 1
    const said = { attempt, detail: result.detail, ...(result.code === undefined ? {} : { code: result.code }) }
    switch (result.status) {
      case 'delivered':
        return this.#settle(waiting, {
          ...said,
          outcome: 'delivered',
          ...(result.reference === undefined ? {} : { reference: result.reference }),
        })
      case 'refused':
        return this.#settle(waiting, { ...said, outcome: 'given-up' })
      case 'retry': {
        const ageMs = Number(clock() - waiting.state.since) / 1e6
        if (ageMs >= GIVEN_UP_AFTER_MS) return this.#settle(waiting, { ...said, outcome: 'given-up' })
        const nextTryAt = this.#in(retryAfterMs(NOTICE_PACE, attempt, random, result.afterMs))
        // Who asks for a pause asks it for everything that would follow.
        if (result.afterMs !== undefined) this.#pausedUntil = nextTryAt
        return this.#settle(waiting, { ...said, outcome: 'failed', nextTryAt: nextTryAt.toString() })
      }
    }
  }

  async #settle(
    { kept }: Waiting,
    how: Omit<Extract<NoticeRecord, { readonly do: 'delivery' }>, 'do' | 'notice' | 'channel'>,
  ): Promise<void> {
    const about = { do: 'delivery', notice: kept.notice.id, channel: this.#channel.name } as const
    await this.#parts.write({ ...about, ...how, detail: how.detail.slice(0, 500) })
  }

  #sleep(): void {
    if (this.#isClosed) return
    if (this.#isStale) return this.pump()
    const waiting = this.#waiting()
    if (waiting.length === 0) return
    const next = waiting
      .map(({ state: { nextTryAt } }) => nextTryAt ?? this.#pausedUntil)
      .reduce((a, b) => (a < b ? a : b))
    const at = next > this.#pausedUntil ? next : this.#pausedUntil
    const ms = Math.max(1, Number((at - this.#parts.clock()) / 1_000_000n) + 1)
    this.#cancel = this.#parts.later(ms, () => this.pump())
  }

  #in(ms: number): UnixNano {
    return (this.#parts.clock() + BigInt(Math.ceil(ms)) * 1_000_000n) as UnixNano // the present and some hours
  }
}

/** What the other side tells repeats apart by: of channel and notice alone, so that it is the same after a restart. */
function keyOf(channel: string, notice: string): string {
  return createHash('sha256').update(`${channel}\n${notice}`).digest('hex').slice(0, 32)
}
