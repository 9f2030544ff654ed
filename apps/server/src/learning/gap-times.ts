import { setImmediate as turn } from 'node:timers/promises'
import { type ControlRecordOf, parseRfc3339, type UnixNano } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import { GAP_TIMES_KEPT, GAPS_PER_TURN } from './limits.ts'

/** A time in which something may not have been captured. */
export type GapTime = { readonly from: UnixNano; readonly until: UnixNano }

/**
 * The times that gap records of the log speak of, read on as it grows; those that touch are one, which makes no difference to what lies
 * in them. Of more than are kept nothing is at hand any more, and every question reads the log.
 */
export class GapTimes {
  readonly #reader: Pick<LogReader, 'eachControl' | 'size'>
  readonly #most: number
  /** In their order, apart from each other. */
  #times: GapTime[] | undefined = []
  #read = 0
  #reading: Promise<void> | undefined

  constructor(
    reader: Pick<LogReader, 'eachControl' | 'size'>,
    { most = GAP_TIMES_KEPT }: { readonly most?: number } = {},
  ) {
    this.#reader = reader
    this.#most = most
  }

  /** All of the log as it is. Callers at the same time share one reading. */
  async all(): Promise<readonly GapTime[]> {
    this.#reading ??= this.#readOn().finally(() => {
      this.#reading = undefined
    })
    await this.#reading
    // What is told stays as it is while the log grows.
    return this.#times?.slice() ?? [...this.#reader.eachControl('gap')].flatMap(({ record }) => timeOf(record) ?? [])
  }

  async #readOn(): Promise<void> {
    const size = this.#reader.size()
    if (this.#times === undefined || size === this.#read) return
    let read = 0
    for (const { index, record } of this.#reader.eachControl('gap', { from: this.#read, to: size })) {
      this.#read = index + 1
      const time = timeOf(record)
      if (time !== undefined) this.#times = united(this.#times, time)
      if (this.#times.length > this.#most) {
        this.#times = undefined
        return
      }
      read += 1
      if (read % GAPS_PER_TURN === 0) await turn()
    }
    this.#read = size
  }
}

function timeOf({ from, to }: ControlRecordOf<'gap'>): GapTime | undefined {
  const [start, until] = [parseRfc3339(from), parseRfc3339(to)]
  return start === undefined || until === undefined || until <= start ? undefined : { from: start, until }
}

/** The times with one more, in place: nearly all come in their order, and the last is looked at first. */
function united(times: GapTime[], time: GapTime): GapTime[] {
  const after = times.findLastIndex(({ from }) => from <= time.until) + 1
  let before = after
  let { from, until } = time
  for (let met = times[before - 1]; met !== undefined && met.until >= time.from; met = times[before - 1]) {
    if (met.from < from) from = met.from
    if (met.until > until) until = met.until
    before -= 1
  }
  times.splice(before, after - before, { from, until })
  return times
}
