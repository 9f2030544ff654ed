import {
  formatRfc3339,
  parseRfc3339,
  type ControlRecord,
  type LossPlace,
  type SensorLosses,
  type UnixNano,
} from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import { HttpError } from '../http/problem.ts'
import { oneByOne } from '../turns.ts'
import { COUNTERS_REMEMBERED } from './limits.ts'
import type { Speaker } from './wire.ts'

export type LossLedgerOptions = {
  readonly write: (record: ControlRecord) => Promise<unknown>
  readonly reader: Pick<LogReader, 'eachControl'>
  readonly clock: () => UnixNano
  readonly mostRemembered?: number
}

/**
 * Turns the running counts of sensors into gap records, each loss once: a sensor says the same count until it is
 * answered, and what the log says of a counter is where the next gap begins, after a restart too.
 */
export class LossLedger {
  readonly #options: LossLedgerOptions
  /** By sensor and start, who was heard last at the end. */
  readonly #starts = new Map<string, StartCounts>()
  readonly #inTurn = oneByOne()

  constructor(options: LossLedgerOptions) {
    this.#options = options
  }

  /**
   * Resolves with the number of records newly lost once they are on record. Rejects with an HttpError of a start that has more
   * counters than a driver keeps. `from` is the log position before the start first spoke.
   */
  report(speaker: Speaker, losses: readonly SensorLosses[], from: number): Promise<number> {
    return this.#inTurn(() => this.#write(speaker, losses, from))
  }

  async #write(speaker: Speaker, losses: readonly SensorLosses[], from: number): Promise<number> {
    const start = this.#startOf(speaker, from)
    const { mostRemembered = COUNTERS_REMEMBERED } = this.#options
    if (start.size + losses.length > mostRemembered)
      throw new HttpError(413, `a start counts what it lost under at most ${mostRemembered} names`)
    const now = this.#options.clock()
    const since = start.lastSaid ?? now
    let written = 0
    for (const { cgroup, agentName, place, series, byType } of losses) {
      const name = counterName(speaker, place, series, cgroup)
      const total = Object.values(byType).reduce((sum, count) => sum + count, 0)
      const records = total - start.totalOf(place, series, name)
      if (records <= 0) continue
      const whose = cgroup === '' ? 'of cgroups that are not told apart' : `cgroup ${cgroup}`
      await this.#options.write({
        kind: 'gap',
        reason: 'lost-in-sensor',
        sender: `sensor ${speaker.sensor}: ${agentName}`.slice(0, 300),
        channel: 'sensor',
        records,
        requests: 0,
        from: formatRfc3339(since),
        to: formatRfc3339(now),
        detail: `${WHERE[place]}; ${whose}, ${SINCE[series === 0 ? 'start' : 'anew']}: ${counts(byType)}`.slice(0, 500),
        counter: { name, total },
      })
      start.note(place, series, name, total)
      written += records
    }
    start.lastSaid = now
    this.#forgetOldest(mostRemembered)
    return written
  }

  #startOf(speaker: Speaker, from: number): StartCounts {
    const key = startKey(speaker)
    const start = this.#starts.get(key) ?? this.#found(key, from)
    this.#starts.delete(key)
    this.#starts.set(key, start)
    return start
  }

  /** As the log has it: the server was started anew, or the start was silent for long. */
  #found(key: string, from: number): StartCounts {
    const found = new StartCounts()
    for (const { record } of this.#options.reader.eachControl('gap', { from })) {
      if (record.counter?.name.startsWith(`${key}/`) !== true) continue
      const { name, total } = record.counter
      const { place, series } = partsOf(name.slice(key.length + 1))
      found.note(place, series, name, total)
      found.lastSaid = parseRfc3339(record.to) ?? found.lastSaid
    }
    return found
  }

  /** Starts end and do not come again. What is forgotten is found in the log, should one ever speak. */
  #forgetOldest(most: number): void {
    let remembered = this.#starts.values().reduce((sum, { size }) => sum + 1 + size, 0)
    for (const [key, { size }] of this.#starts) {
      if (remembered <= most || this.#starts.size === 1) return
      this.#starts.delete(key)
      remembered -= 1 + size
    }
  }
}

/** Totals on record of one start, by counter. */
class StartCounts {
  lastSaid: UnixNano | undefined
  /** Counted by the loader, for as long as the start lasts. */
  readonly #kernel = new Map<string, number>()
  /** Counted by the driver, in its newest series: it begins one only when all of the one before was told. */
  readonly #newest = new Map<string, number>()
  #series = 0

  get size(): number {
    return this.#kernel.size + this.#newest.size
  }

  /** What is on record of a counter. A series before the newest is told whole: what is said of it again is not lost again. */
  totalOf(place: LossPlace, series: number, name: string): number {
    if (place === 'kernel') return this.#kernel.get(name) ?? 0
    if (series < this.#series) return Infinity
    return series > this.#series ? 0 : (this.#newest.get(name) ?? 0)
  }

  note(place: LossPlace, series: number, name: string, total: number): void {
    if (place === 'kernel') return void this.#kernel.set(name, total)
    if (series > this.#series) {
      this.#newest.clear()
      this.#series = series
    }
    this.#newest.set(name, total)
  }
}

const WHERE: Readonly<Record<LossPlace, string>> = {
  kernel: 'the driver was behind: a ring of the kernel or the queue behind it was full',
  slow: 'the spool was full while the server answered, but more slowly than records came',
  away: 'the spool was full while the server could not be reached',
  'full-disk': 'the disk of the spool took no more',
  disk: 'the spool on disk could not be read again',
  refused: 'the server refused the batch',
}

const SINCE = { start: 'since the sensor started', anew: 'since the sensor began to count anew' } as const

function startKey({ sensor, start }: Speaker): string {
  return `${sensor}/${start}`
}

/** The first series has no number: so its counters were named before there were others. */
function counterName(speaker: Speaker, place: LossPlace, series: number, cgroup: string): string {
  return `${startKey(speaker)}/${place}${series === 0 ? '' : `.${series}`}/${cgroup}`
}

/** What {@link counterName} put behind the start. */
function partsOf(name: string): { readonly place: LossPlace; readonly series: number } {
  const [placed = '', series = '0'] = name.slice(0, name.indexOf('/')).split('.')
  // Written by this class alone; of what is not the loader's, the place does not matter here.
  return { place: placed as LossPlace, series: Number(series) }
}

function counts(byType: SensorLosses['byType']): string {
  return Object.entries(byType)
    .toSorted(([, a], [, b]) => b - a)
    .map(([type, count]) => `${type} ${count}`)
    .join(', ')
}
