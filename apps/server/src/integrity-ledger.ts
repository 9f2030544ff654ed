import { setImmediate as turn } from 'node:timers/promises'
import type { Gap } from '@holdfast/api'
import type { UnixNano } from '@holdfast/model'
import type { ControlEntry, LogReader } from '@holdfast/recorder'
import type { StoreRate } from './disk-use.ts'
import { GAPS_SHOWN, LEDGER_GAPS_PER_TURN, LEDGER_SEGMENTS_PER_TURN } from './limits.ts'

const HOUR_NS = 3_600_000_000_000n
const HOURS_KEPT = 24n

/** `records`: what somebody sent; the product's own are stored too, and are not counted. */
type Hour = { readonly since: UnixNano; bytes: number; records: number }

/**
 * Sums over the whole log that the integrity page shows, kept up from page to page: each call reads what came since the
 * one before, and lets others have their turn meanwhile.
 */
export class IntegrityLedger {
  readonly #reader: LogReader
  /** Entries whose gaps are counted, and those whose segments are. */
  #gapCursor = 0
  #segmentCursor: number | undefined
  #gapsTotal = 0
  #refused = 0
  #lost = 0
  /** Newest last. */
  readonly #newest: Gap[] = []
  /** Stored bytes and received records by hour of recording, for the last 24. */
  readonly #hours = new Map<bigint, Hour>()
  #catchingUp: Promise<void> | undefined

  constructor(reader: LogReader) {
    this.#reader = reader
  }

  /** Newest first, as many as a page shows. */
  get newestGaps(): readonly Gap[] {
    return this.#newest.toReversed()
  }

  get totals(): { readonly gaps: number; readonly refused: number; readonly lost: number } {
    return { gaps: this.#gapsTotal, refused: this.#refused, lost: this.#lost }
  }

  /** Reads up to the end of the log as it stands. Callers at the same time share one reading. */
  catchUp(now: UnixNano): Promise<void> {
    this.#catchingUp ??= this.#read(now).finally(() => {
      this.#catchingUp = undefined
    })
    return this.#catchingUp
  }

  /** Bytes that a day stores at the rate of the last 24 hours; undefined where nothing was stored in them. */
  bytesPerDay(now: UnixNano): number | undefined {
    const hours = [...this.#hours.values()]
    const bytes = hours.reduce((sum, hour) => sum + hour.bytes, 0)
    const [first] = hours
    if (first === undefined || bytes === 0) return undefined
    return bytes / Math.max(1 / 24, Number(now - first.since) / Number(24n * HOUR_NS))
  }

  /** That rate, and how many hours it was counted from; undefined where there is none. */
  storeRate(now: UnixNano): StoreRate | undefined {
    const bytesPerDay = this.bytesPerDay(now)
    const [first] = this.#hours.values()
    if (bytesPerDay === undefined || first === undefined) return undefined
    return { bytesPerDay, hours: Math.min(Number(HOURS_KEPT), Number(now - first.since) / Number(HOUR_NS)) }
  }

  /** The last 24 hours by the clock's own hours, the oldest first; those in which nothing came hold zeros. */
  hours(now: UnixNano): readonly { readonly from: UnixNano; readonly records: number; readonly bytes: number }[] {
    const newest = now / HOUR_NS
    return Array.from({ length: Number(HOURS_KEPT) }, (_, i) => {
      const hour = newest - HOURS_KEPT + 1n + BigInt(i)
      const { records = 0, bytes = 0 } = this.#hours.get(hour) ?? {}
      return { from: (hour * HOUR_NS) as UnixNano, records, bytes } // a time of the clock, cut to its hour
    })
  }

  async #read(now: UnixNano): Promise<void> {
    const size = this.#reader.size()
    await this.#readGaps(size)
    await this.#readSegments(size, now)
  }

  async #readGaps(size: number): Promise<void> {
    let read = 0
    for (const entry of this.#reader.eachControl('gap', { from: this.#gapCursor, to: size })) {
      this.#addGap(entry)
      // Also where the reading ends half-way: nothing is counted twice.
      this.#gapCursor = entry.index + 1
      read += 1
      if (read % LEDGER_GAPS_PER_TURN === 0) await turn()
    }
    this.#gapCursor = size
  }

  #addGap({ index, record }: ControlEntry<'gap'>): void {
    const { kind: _kind, ...rest } = record
    this.#gapsTotal += 1
    if (record.reason === 'lost-on-crash') this.#lost += record.records ?? 0
    else this.#refused += record.records ?? 0
    this.#newest.push({ entry: index, ...rest })
    if (this.#newest.length > GAPS_SHOWN) this.#newest.shift()
  }

  async #readSegments(size: number, now: UnixNano): Promise<void> {
    const oldest = now / HOUR_NS - HOURS_KEPT
    let from = this.#segmentCursor ?? this.#firstSince(oldest * HOUR_NS, size)
    while (from < size) {
      const segments = this.#reader.segments({ from, limit: LEDGER_SEGMENTS_PER_TURN })
      for (const { recordedAt, storedBytes, channel, count } of segments) {
        const records = channel === 'control' ? 0 : count
        const hour = this.#hours.get(recordedAt / HOUR_NS)
        if (hour === undefined)
          this.#hours.set(recordedAt / HOUR_NS, { since: recordedAt, bytes: storedBytes, records })
        else {
          hour.bytes += storedBytes
          hour.records += records
        }
      }
      const last = segments.at(-1)
      if (last === undefined) break
      from = last.first + last.count
      this.#segmentCursor = from
      await turn()
    }
    for (const hour of this.#hours.keys()) if (hour < oldest) this.#hours.delete(hour)
  }

  /** An entry from which on everything was recorded since `since`, found without reading what is older. */
  #firstSince(since: bigint, size: number): number {
    let low = 0
    let high = size
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      const [segment] = this.#reader.segments({ from: middle, limit: 1 })
      if (segment === undefined || segment.recordedAt >= since) high = middle
      else low = segment.first + segment.count
    }
    return low
  }
}
