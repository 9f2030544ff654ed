import type { Channel, Delivery, DeliveryResult } from '@holdfast/connectors'
import { createHash } from 'node:crypto'
import type { NoticeRecord, UnixNano } from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import type { Notice } from '@holdfast/respond'
import type { Logger } from 'pino'
import { HttpError } from '../http/problem.ts'
import { retryAfterMs } from './back-off.ts'
import { type DeliveryState, type KeptNotice, KeptNotices } from './kept-notices.ts'
import { ALIASES_KEPT, GIVEN_UP_AFTER_MS, WAITING_PER_CHANNEL } from './limits.ts'
import { recordOf } from './notice-records.ts'
import type { Notices } from './notices.ts'

export type OutboxSources = {
  readonly recorder: Pick<Recorder, 'appendControl'>
  readonly reader: Pick<LogReader, 'eachControl' | 'entry'>
  readonly channels: readonly Channel[]
  readonly clock: () => UnixNano
  /** 0 to 1. */
  readonly random: () => number
  /** Calls back once after so many milliseconds, unless what it returns is called before. */
  readonly later: (ms: number, call: () => void) => () => void
  readonly logger: Logger
  /** Deliveries that may wait for one channel. */
  readonly waitingPerChannel?: number
}

/** How a channel does: for the doctor and for lists. */
export type ChannelState = {
  readonly name: string
  readonly type: string
  readonly waiting: number
  readonly delivered: number
  readonly givenUp: number
  /** What the newest failed try said; absent where the newest try arrived. */
  readonly failing?: string
}

type Waiting = { readonly kept: KeptNotice; readonly state: DeliveryState }
/** One channel's work. */
type Line = {
  /** What is being sent now. */
  run: Promise<void> | undefined
  /** Something came while it was sending. */
  isStale: boolean
  pausedUntil: UnixNano
  cancel: (() => void) | undefined
}

/**
 * What is told leaves from here. A notice is on record before it is sent (FC3), each try after it was made; what waits is sent
 * on after a restart, under the same key. One channel never waits for another, and nobody waits for any of them.
 */
export class Outbox implements Notices {
  readonly #sources: OutboxSources
  readonly #kept = new KeptNotices()
  readonly #lines = new Map<string, Line>()
  /** Ids that are being recorded. */
  readonly #telling = new Map<string, Promise<void>>()
  /** Names of incidents that go by another id by now. */
  readonly #aliases = new Map<string, string>()
  #isClosed = false

  constructor(sources: OutboxSources) {
    this.#sources = sources
    for (const { record, index, recordedAt } of sources.reader.eachControl('notice')) {
      this.#kept.note(record, { index, recordedAt })
    }
    for (const { name } of sources.channels)
      this.#lines.set(name, { run: undefined, isStale: false, pausedUntil: 0n as UnixNano, cancel: undefined }) // the past
  }

  /** Puts on record who listens from here on, where that is news, and sends what waits. */
  async start(): Promise<void> {
    const channels = this.#sources.channels.map(({ name }) => name).toSorted()
    const before = this.#kept.listening?.channels ?? []
    if (channels.join('\n') !== before.join('\n')) await this.#write({ do: 'listening', channels })
    for (const { name } of this.#sources.channels) this.#pump(name)
  }

  /** From which place of the log on somebody listens; undefined where nobody does. */
  get since(): number | undefined {
    return this.#sources.channels.length === 0 ? undefined : this.#kept.listening?.since
  }

  /**
   * What is told of an incident by another of its ids goes on under `name`, by which it was told first: one card, one page,
   * one ticket, whatever joined it since.
   */
  alsoKnown(ids: readonly string[], name: string): void {
    for (const id of ids) {
      if (id === name) continue
      this.#aliases.delete(id)
      this.#aliases.set(id, name)
    }
    while (this.#aliases.size > ALIASES_KEPT) {
      const oldest = this.#aliases.keys().next().value
      if (oldest === undefined) return
      this.#aliases.delete(oldest)
    }
  }

  tell(said: Notice): Promise<void> {
    const notice = { ...said, incident: this.#aliases.get(said.incident) ?? said.incident }
    if (this.#kept.get(notice.id) !== undefined) return Promise.resolve()
    const running = this.#telling.get(notice.id)
    if (running !== undefined) return running
    const telling = this.#tell(notice).finally(() => this.#telling.delete(notice.id))
    this.#telling.set(notice.id, telling)
    return telling
  }

  get(id: string): KeptNotice | undefined {
    return this.#kept.get(id)
  }

  /** What was told, the newest first, and how many older ones only the log has. */
  list(): { readonly notices: readonly KeptNotice[]; readonly older: number } {
    return { notices: this.#kept.all().toReversed(), older: this.#kept.dropped }
  }

  ofIncident(incident: string): readonly KeptNotice[] {
    return this.#kept.ofIncident(incident)
  }

  channels(): readonly ChannelState[] {
    return this.#sources.channels.map(({ name, type }) => {
      const states = this.#kept.all().flatMap(({ deliveries }) => deliveries.get(name) ?? [])
      const ofStatus = (status: DeliveryState['status']) => states.filter((state) => state.status === status).length
      const failing = states.findLast(({ attempts }) => attempts > 0)
      return {
        name,
        type,
        waiting: ofStatus('waiting'),
        delivered: ofStatus('delivered'),
        givenUp: ofStatus('given-up'),
        ...(failing === undefined || failing.status === 'delivered' ? {} : { failing: failing.detail ?? '' }),
      }
    })
  }

  /** Tells one channel that this is a test, whatever it listens for; resolves once the first try was made. Throws 404. */
  async test(channel: string, by: string): Promise<DeliveryState | undefined> {
    if (!this.#lines.has(channel)) throw new HttpError(404, `there is no channel "${channel.slice(0, 100)}"`)
    const at = this.#sources.clock()
    const id = `test:${channel}:${at}`
    const notice: Notice = {
      id,
      kind: 'test',
      incident: '',
      severity: 'info',
      title: `A test of channel ${channel}, asked for by ${by}`,
      lines: ['Nothing happened. Whoever reads this is reached by Holdfast.'],
      for: [],
      path: '/',
      at,
    }
    await this.#write(recordOf(notice, [channel]))
    this.#pump(channel)
    const line = this.#lines.get(channel)
    await line?.run
    return this.#kept.get(id)?.deliveries.get(channel)
  }

  /** Sends a notice again: to all its channels, or to one, whether or not that listened then. Throws 404 and 409. */
  async replay(
    id: string,
    { channel, by }: { readonly channel?: string | undefined; readonly by: string },
  ): Promise<KeptNotice> {
    const kept = this.#kept.get(id)
    if (kept === undefined)
      throw new HttpError(404, `there is no notice "${id.slice(0, 100)}"; the oldest are in the log alone`)
    const names = channel === undefined ? [...kept.deliveries.keys()] : [channel]
    const connected = names.filter((name) => this.#lines.has(name))
    if (connected.length === 0) {
      throw new HttpError(
        409,
        `no such channel is configured: ${names.join(', ').slice(0, 200) || 'none listened then'}`,
      )
    }
    for (const name of connected) {
      const record = { notice: id, channel: name, attempt: 0, detail: 'asked for again', by } as const
      await this.#write({ do: 'delivery', outcome: 'asked-again', ...record })
      this.#pump(name)
    }
    return this.#kept.get(id) ?? kept
  }

  /** Ends within one try's time: what is under way is recorded, what waits stays on record. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    for (const line of this.#lines.values()) line.cancel?.()
    const lines = [...this.#lines.values()].flatMap(({ run }) => run ?? [])
    await Promise.allSettled([...this.#telling.values(), ...lines])
  }

  async #tell(notice: Notice): Promise<void> {
    const channels = this.#sources.channels.filter((channel) => channel.listens(notice)).map(({ name }) => name)
    await this.#write(recordOf(notice, channels))
    for (const name of channels) {
      await this.#bound(name)
      this.#pump(name)
    }
  }

  /** The oldest of too many is given up, on record. */
  async #bound(channel: string): Promise<void> {
    const waiting = this.#waiting(channel)
    const [oldest] = waiting
    const { waitingPerChannel = WAITING_PER_CHANNEL } = this.#sources
    if (oldest === undefined || waiting.length <= waitingPerChannel) return
    const { attempts } = oldest.state
    await this.#settle(channel, oldest, {
      outcome: 'given-up',
      attempt: attempts,
      detail: `more than ${waitingPerChannel} notices wait for this channel`,
    })
  }

  /** Sends what is due on one channel, and comes back when the next is. Safe to call at any time. */
  #pump(channel: string): void {
    const line = this.#lines.get(channel)
    if (line === undefined || this.#isClosed) return
    if (line.run !== undefined) {
      line.isStale = true
      return
    }
    line.cancel?.()
    line.cancel = undefined
    line.run = this.#sendDue(channel, line)
      .catch((error: unknown) => {
        // Nothing is lost: what was not recorded as delivered is sent again under the same key.
        this.#sources.logger.error({ err: error, channel }, 'notices could not be delivered or recorded yet')
        line.pausedUntil = this.#in(retryAfterMs(1, this.#sources.random))
      })
      .finally(() => {
        line.run = undefined
        this.#sleep(channel, line)
      })
  }

  async #sendDue(channel: string, line: Line): Promise<void> {
    const target = this.#sources.channels.find(({ name }) => name === channel)
    if (target === undefined) return
    for (;;) {
      line.isStale = false
      const due = this.#due(channel, line).slice(0, target.batch)
      if (due.length === 0 || this.#isClosed) return
      const results = await target
        .deliver(due.map((one) => this.#deliveryOf(channel, one)))
        // A channel's own fault is one try that failed, like any other.
        .catch((error: unknown): readonly DeliveryResult[] =>
          due.map(() => ({ status: 'retry', detail: error instanceof Error ? error.message : 'the channel failed' })),
        )
      for (const [i, one] of due.entries()) {
        const result = results[i] ?? { status: 'retry', detail: 'the channel gave no result' }
        await this.#note(channel, line, one, result)
      }
    }
  }

  /** Those whose time has come, and of each incident only the first, so that what comes later stays later; a batch may hold more. */
  #due(channel: string, line: Line): readonly Waiting[] {
    const now = this.#sources.clock()
    if (line.pausedUntil > now) return []
    const held = new Set<string>()
    return this.#waiting(channel).filter(({ kept, state: { nextTryAt } }) => {
      const isDue = !held.has(kept.notice.incident) && (nextTryAt === undefined || nextTryAt <= now)
      if (!isDue) held.add(kept.notice.incident)
      return isDue
    })
  }

  /** The oldest first. */
  #waiting(channel: string): readonly Waiting[] {
    return this.#kept.all().flatMap((kept) => {
      const state = kept.deliveries.get(channel)
      return state?.status === 'waiting' ? [{ kept, state }] : []
    })
  }

  #deliveryOf(channel: string, { kept, state }: Waiting): Delivery {
    // What this channel was not told of, it does not show.
    const earlier = this.#kept.earlier(kept).filter(({ deliveries }) => deliveries.has(channel))
    return {
      key: keyOf(channel, kept.notice.id),
      notice: kept.notice,
      // One try more than was heard of: the program may have ended within one.
      attempt: state.attempts + 1,
      earlier: earlier.map(({ notice }) => notice),
      references: earlier.flatMap(({ deliveries }) => deliveries.get(channel)?.reference ?? []),
    }
  }

  async #note(channel: string, line: Line, waiting: Waiting, result: DeliveryResult): Promise<void> {
    const { random, clock } = this.#sources
    const attempt = waiting.state.attempts + 1
    const said = { attempt, detail: result.detail, ...(result.code === undefined ? {} : { code: result.code }) }
    switch (result.status) {
      case 'delivered':
        return this.#settle(channel, waiting, {
          ...said,
          outcome: 'delivered',
          ...(result.reference === undefined ? {} : { reference: result.reference }),
        })
      case 'refused':
        return this.#settle(channel, waiting, { ...said, outcome: 'given-up' })
      case 'retry': {
        const ageMs = Number(clock() - waiting.state.since) / 1e6
        if (ageMs >= GIVEN_UP_AFTER_MS) return this.#settle(channel, waiting, { ...said, outcome: 'given-up' })
        const nextTryAt = this.#in(retryAfterMs(attempt, random, result.afterMs))
        // Who asks for a pause asks it for everything that would follow.
        if (result.afterMs !== undefined) line.pausedUntil = nextTryAt
        return this.#settle(channel, waiting, { ...said, outcome: 'failed', nextTryAt: nextTryAt.toString() })
      }
    }
  }

  async #settle(
    channel: string,
    { kept }: Waiting,
    how: Omit<Extract<NoticeRecord, { readonly do: 'delivery' }>, 'do' | 'notice' | 'channel'>,
  ): Promise<void> {
    await this.#write({ do: 'delivery', notice: kept.notice.id, channel, ...how, detail: how.detail.slice(0, 500) })
  }

  #sleep(channel: string, line: Line): void {
    if (this.#isClosed) return
    if (line.isStale) return this.#pump(channel)
    const waiting = this.#waiting(channel)
    if (waiting.length === 0) return
    const next = waiting
      .map(({ state: { nextTryAt } }) => nextTryAt ?? line.pausedUntil)
      .reduce((a, b) => (a < b ? a : b))
    const at = next > line.pausedUntil ? next : line.pausedUntil
    const ms = Math.max(1, Number((at - this.#sources.clock()) / 1_000_000n) + 1)
    line.cancel = this.#sources.later(ms, () => this.#pump(channel))
  }

  #in(ms: number): UnixNano {
    return (this.#sources.clock() + BigInt(Math.ceil(ms)) * 1_000_000n) as UnixNano // the present and some hours
  }

  async #write(record: NoticeRecord): Promise<void> {
    const { recorder, reader, clock } = this.#sources
    const { from } = await recorder.appendControl({ kind: 'notice', ...record })
    this.#kept.note(record, { index: from, recordedAt: reader.entry(from)?.recordedAt ?? clock() })
  }
}

/** What the other side tells repeats apart by: of channel and notice alone, so that it is the same after a restart. */
function keyOf(channel: string, notice: string): string {
  return createHash('sha256').update(`${channel}\n${notice}`).digest('hex').slice(0, 32)
}
