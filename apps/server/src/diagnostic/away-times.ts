import type { UnixNano } from '@holdfast/model'
import { formatRfc3339 } from '@holdfast/model'
import type { AwayTime } from '@holdfast/reconcile'
import type { LogReader } from '@holdfast/recorder'

type Away = { readonly from: UnixNano; readonly to: UnixNano; readonly reason: string }

/** Times in which the server did not run: by its own records of starting and stopping, and by what was recorded last before a crash. */
export class AwayTimes {
  readonly #reader: Pick<LogReader, 'eachControl' | 'size' | 'segment'>
  readonly #away: Away[] = []
  #read = 0
  #stopped: UnixNano | undefined
  #hasStarted = false

  constructor(reader: Pick<LogReader, 'eachControl' | 'size' | 'segment'>) {
    this.#reader = reader
  }

  /** Those that reach into the window, cut to it. */
  within(from: UnixNano, to: UnixNano): readonly AwayTime[] {
    this.#catchUp()
    return this.#away
      .filter((away) => away.from < to && away.to > from)
      .map((away) => ({
        from: formatRfc3339(away.from > from ? away.from : from),
        to: formatRfc3339(away.to < to ? away.to : to),
        reason: away.reason,
      }))
  }

  #catchUp(): void {
    const size = this.#reader.size()
    for (const { index, recordedAt, record } of this.#reader.eachControl('server', { from: this.#read, to: size })) {
      switch (record.action) {
        case 'stopped':
          this.#stopped = recordedAt
          break
        case 'recovered': {
          const last = index === 0 ? undefined : this.#reader.segment(index - 1)?.summary.recordedAt
          if (this.#hasStarted && last !== undefined)
            this.#away.push({ from: last, to: recordedAt, reason: 'it ended without a word' })
          this.#stopped = undefined
          break
        }
        case 'started':
          if (this.#stopped !== undefined)
            this.#away.push({ from: this.#stopped, to: recordedAt, reason: 'it was stopped' })
          this.#stopped = undefined
          this.#hasStarted = true
      }
    }
    this.#read = size
  }
}
