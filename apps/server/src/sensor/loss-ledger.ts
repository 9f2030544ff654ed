import { formatRfc3339, type ControlRecord, type SensorLosses, type UnixNano } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import type { Speaker } from './wire.ts'

export type LossLedgerOptions = {
  readonly write: (record: ControlRecord) => Promise<unknown>
  readonly reader: Pick<LogReader, 'eachControl'>
  readonly clock: () => UnixNano
}

/**
 * Turns the running counts of sensors into gap records, each loss once: a sensor says the same count until it is
 * answered, and what the log says of a counter is where the next gap begins, after a restart too.
 */
export class LossLedger {
  readonly #options: LossLedgerOptions
  /** Totals on record, by counter; of each start that spoke in this run. */
  readonly #totals = new Map<string, Map<string, number>>()
  readonly #lastSaid = new Map<string, UnixNano>()
  #queue: Promise<unknown> = Promise.resolve()

  constructor(options: LossLedgerOptions) {
    this.#options = options
  }

  /** Resolves once what is new in the counts is on record. `from` is the log position before the start first spoke. */
  report(speaker: Speaker, losses: readonly SensorLosses[], from: number): Promise<number> {
    const written = this.#queue.then(() => this.#write(speaker, losses, from))
    // The next report is written whatever becomes of this one, whose sender is told.
    this.#queue = written.catch(() => undefined)
    return written
  }

  async #write(speaker: Speaker, losses: readonly SensorLosses[], from: number): Promise<number> {
    const totals = this.#totalsOf(speaker, from)
    const now = this.#options.clock()
    let written = 0
    for (const { cgroup, agentName, place, byType } of losses) {
      const name = counterName(speaker, place, cgroup)
      const total = Object.values(byType).reduce((sum, count) => sum + count, 0)
      const records = total - (totals.get(name) ?? 0)
      if (records <= 0) continue
      const since = this.#lastSaid.get(speaker.start) ?? now
      await this.#options.write({
        kind: 'gap',
        reason: 'lost-in-sensor',
        sender: `sensor ${speaker.sensor}: ${agentName}`.slice(0, 300),
        channel: 'sensor',
        records,
        requests: 0,
        from: formatRfc3339(since),
        to: formatRfc3339(now),
        detail: `${WHERE[place]}; cgroup ${cgroup}, since the sensor started: ${counts(byType)}`.slice(0, 500),
        counter: { name, total },
      })
      totals.set(name, total)
      written += records
    }
    this.#lastSaid.set(speaker.start, now)
    return written
  }

  #totalsOf(speaker: Speaker, from: number): Map<string, number> {
    const key = `${speaker.sensor}/${speaker.start}`
    const known = this.#totals.get(key)
    if (known !== undefined) return known
    const totals = new Map<string, number>()
    for (const { record } of this.#options.reader.eachControl('gap', { from })) {
      if (record.kind !== 'gap' || record.counter?.name.startsWith(`${key}/`) !== true) continue
      totals.set(record.counter.name, record.counter.total)
    }
    this.#totals.set(key, totals)
    return totals
  }
}

const WHERE: Readonly<Record<SensorLosses['place'], string>> = {
  kernel: 'the driver was behind: a ring of the kernel or the queue behind it was full',
  slow: 'the spool was full while the server answered, but more slowly than records came',
  away: 'the spool was full while the server could not be reached',
  'full-disk': 'the disk of the spool took no more',
  disk: 'the spool on disk could not be read again',
  refused: 'the server refused the batch',
}

function counterName({ sensor, start }: Speaker, place: string, cgroup: string): string {
  return `${sensor}/${start}/${place}/${cgroup}`
}

function counts(byType: SensorLosses['byType']): string {
  return Object.entries(byType)
    .toSorted(([, a], [, b]) => b - a)
    .map(([type, count]) => `${type} ${count}`)
    .join(', ')
}
