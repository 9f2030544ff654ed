import type { NoticeRecord, UnixNano } from '@holdfast/model'
import type { Notice } from '@holdfast/respond'
import { EARLIER_SHOWN, NOTICES_KEPT } from './limits.ts'
import { noticeOf } from './notice-records.ts'

/** How far a notice came on one channel. */
export type DeliveryState = {
  readonly channel: string
  readonly status: 'waiting' | 'delivered' | 'given-up'
  /** Tries since it was told or last asked for again. */
  readonly attempts: number
  /** Since when it is tried. */
  readonly since: UnixNano
  /** Absent: at once. */
  readonly nextTryAt?: UnixNano
  readonly code?: number
  readonly detail?: string
  readonly reference?: string
}

export type KeptNotice = {
  readonly notice: Notice
  readonly entry: number
  readonly deliveries: ReadonlyMap<string, DeliveryState>
}

/** Notices with what became of them, folded from their records in the order of the log. */
export class KeptNotices {
  readonly #kept = new Map<string, KeptNotice>()
  /** Ids of notices by incident, the oldest first. */
  readonly #ofIncident = new Map<string, readonly string[]>()
  #listening: { readonly channels: readonly string[]; readonly since: number } | undefined
  #dropped = 0

  /** Applies one record. `index`: its place in the log. */
  note(record: NoticeRecord, { index, recordedAt }: { readonly index: number; readonly recordedAt: UnixNano }): void {
    switch (record.do) {
      case 'told': {
        const notice = noticeOf(record)
        const deliveries = new Map(
          record.channels.map((channel): readonly [string, DeliveryState] => [
            channel,
            { channel, status: 'waiting', attempts: 0, since: recordedAt },
          ]),
        )
        this.#keep({ notice, entry: index, deliveries })
        return
      }
      case 'delivery': {
        const kept = this.#kept.get(record.notice)
        if (kept === undefined) return
        const state = after(kept.deliveries.get(record.channel), record, recordedAt)
        this.#kept.set(record.notice, { ...kept, deliveries: new Map(kept.deliveries).set(record.channel, state) })
        return
      }
      case 'listening':
        this.#listening = { channels: record.channels, since: index }
    }
  }

  get(id: string): KeptNotice | undefined {
    return this.#kept.get(id)
  }

  /** The oldest first. */
  all(): readonly KeptNotice[] {
    return [...this.#kept.values()]
  }

  /** Who listened last, and from which place of the log on. */
  get listening(): { readonly channels: readonly string[]; readonly since: number } | undefined {
    return this.#listening
  }

  /** Notices that memory holds no more. */
  get dropped(): number {
    return this.#dropped
  }

  /** What was told of an incident before this notice, the oldest first. */
  earlier({ notice: { id, incident } }: KeptNotice): readonly KeptNotice[] {
    const ids = this.#ofIncident.get(incident) ?? []
    return ids
      .slice(0, Math.max(0, ids.indexOf(id)))
      .slice(-EARLIER_SHOWN)
      .flatMap((one) => this.#kept.get(one) ?? [])
  }

  ofIncident(incident: string): readonly KeptNotice[] {
    return (this.#ofIncident.get(incident) ?? []).flatMap((one) => this.#kept.get(one) ?? [])
  }

  #keep(kept: KeptNotice): void {
    const { id, incident } = kept.notice
    this.#kept.set(id, kept)
    this.#ofIncident.set(incident, [...(this.#ofIncident.get(incident) ?? []), id])
    if (this.#kept.size <= NOTICES_KEPT) return
    // What still waits is kept: it is owed to somebody. The bound on waiting ones bounds those.
    const oldest = this.all().find(({ deliveries }) =>
      [...deliveries.values()].every(({ status }) => status !== 'waiting'),
    )
    if (oldest === undefined) return
    this.#dropped += 1
    this.#kept.delete(oldest.notice.id)
    const rest = (this.#ofIncident.get(oldest.notice.incident) ?? []).filter((one) => one !== oldest.notice.id)
    if (rest.length === 0) this.#ofIncident.delete(oldest.notice.incident)
    else this.#ofIncident.set(oldest.notice.incident, rest)
  }
}

function after(
  before: DeliveryState | undefined,
  record: Extract<NoticeRecord, { readonly do: 'delivery' }>,
  recordedAt: UnixNano,
): DeliveryState {
  const { channel, attempt, outcome, code, detail, nextTryAt, reference = before?.reference } = record
  const said = {
    channel,
    detail,
    ...(code === undefined ? {} : { code }),
    ...(reference === undefined ? {} : { reference }),
  }
  const since = before?.since ?? recordedAt
  switch (outcome) {
    case 'delivered':
    case 'given-up':
      return { ...said, status: outcome, attempts: attempt, since }
    case 'failed':
      return {
        ...said,
        status: 'waiting',
        attempts: attempt,
        since,
        ...(nextTryAt === undefined ? {} : { nextTryAt: BigInt(nextTryAt) as UnixNano }), // written from a UnixNano
      }
    case 'asked-again':
      return { ...said, status: 'waiting', attempts: 0, since: recordedAt }
  }
}
