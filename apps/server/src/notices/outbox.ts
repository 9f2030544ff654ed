import type { Channel } from '@holdfast/connectors'
import type { NoticeRecord } from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import type { Notice } from '@holdfast/respond'
import { HttpError } from '../http/problem.ts'
import { ChannelLine, type ChannelLineParts } from './channel-line.ts'
import { type DeliveryState, type KeptNotice, KeptNotices } from './kept-notices.ts'
import { ALIASES_KEPT } from './limits.ts'
import { recordOf } from './notice-records.ts'
import type { Notices } from './notices.ts'

export type OutboxSources = Omit<ChannelLineParts, 'kept' | 'write'> & {
  readonly recorder: Pick<Recorder, 'appendControl'>
  readonly reader: Pick<LogReader, 'eachControl' | 'entry'>
  readonly channels: readonly Channel[]
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

/**
 * What is told leaves from here. A notice is on record before it is sent (FC3), each try after it was made; what waits is sent
 * on after a restart, under the same key. One channel never waits for another, and nobody waits for any of them.
 */
export class Outbox implements Notices {
  readonly #sources: OutboxSources
  readonly #kept = new KeptNotices()
  readonly #lines: ReadonlyMap<string, ChannelLine>
  /** Ids that are being recorded. */
  readonly #telling = new Map<string, Promise<void>>()
  /** Names of incidents that go by another id by now. */
  readonly #aliases = new Map<string, string>()

  constructor(sources: OutboxSources) {
    this.#sources = sources
    for (const { record, index, recordedAt } of sources.reader.eachControl('notice')) {
      this.#kept.note(record, { index, recordedAt })
    }
    const parts = { ...sources, kept: this.#kept, write: (record: NoticeRecord) => this.#write(record) }
    this.#lines = new Map(sources.channels.map((channel) => [channel.name, new ChannelLine(channel, parts)]))
  }

  /** Puts on record who listens from here on, where that is news, and sends what waits. */
  async start(): Promise<void> {
    const channels = this.#sources.channels.map(({ name }) => name).toSorted()
    const before = this.#kept.listening?.channels ?? []
    if (channels.join('\n') !== before.join('\n')) await this.#write({ do: 'listening', channels })
    for (const line of this.#lines.values()) line.pump()
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

  /** The name by which an incident was told first, of any of its ids. */
  nameOf(incident: string): string {
    return this.#aliases.get(incident) ?? incident
  }

  tell(said: Notice): Promise<void> {
    const notice = { ...said, incident: this.nameOf(said.incident) }
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
    const line = this.#lines.get(channel)
    if (line === undefined) throw new HttpError(404, `there is no channel "${channel.slice(0, 100)}"`)
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
    line.pump()
    await line.settled()
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
      this.#lines.get(name)?.pump()
    }
    return this.#kept.get(id) ?? kept
  }

  /** Ends within one try's time: what is under way is recorded, what waits stays on record. */
  async [Symbol.asyncDispose](): Promise<void> {
    const lines = [...this.#lines.values()]
    for (const line of lines) line.close()
    await Promise.allSettled([...this.#telling.values(), ...lines.map((line) => line.settled())])
  }

  async #tell(notice: Notice): Promise<void> {
    const channels = this.#sources.channels.filter((channel) => channel.listens(notice)).map(({ name }) => name)
    await this.#write(recordOf(notice, channels))
    for (const name of channels) {
      const line = this.#lines.get(name)
      await line?.bound()
      line?.pump()
    }
  }

  async #write(record: NoticeRecord): Promise<void> {
    const { recorder, reader, clock } = this.#sources
    const { from } = await recorder.appendControl({ kind: 'notice', ...record })
    this.#kept.note(record, { index: from, recordedAt: reader.entry(from)?.recordedAt ?? clock() })
  }
}
