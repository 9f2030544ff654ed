import { setImmediate as turn } from 'node:timers/promises'
import { formatRfc3339, parseUnixNanoText } from '@holdfast/model'
import type { GapFact } from '@holdfast/reconcile'
import type { LogReader } from '@holdfast/recorder'
import { GAPS_KEPT, GAPS_PER_TURN } from './limits.ts'

type Gap = GapFact & { readonly sender: string }

/** An agent as gap records know it: by the channels that it is heard on, and by its name. */
export type Concerned = { readonly name: string; readonly channels: readonly string[] }

/** Gap records of the whole log, read on from where it was read last; the newest are kept, older ones counted. */
export class GapLedger {
  readonly #reader: Pick<LogReader, 'eachControl' | 'size'>
  readonly #gaps: Gap[] = []
  #cut = 0
  #read = 0
  #reading: Promise<void> | undefined

  constructor(reader: Pick<LogReader, 'eachControl' | 'size'>) {
    this.#reader = reader
  }

  /** Gap records that are not at hand any more. */
  get cut(): number {
    return this.#cut
  }

  /** Callers at the same time share one reading. */
  catchUp(): Promise<void> {
    this.#reading ??= this.#readOn().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  /**
   * Those in whose time something of the agent may be missing. A loss of its sensor names the agent; most senders name none,
   * and then whoever is heard on the channel may have lost something.
   */
  of({ name, channels }: Concerned): readonly GapFact[] {
    return this.#gaps.flatMap(({ sender, ...gap }) => {
      const { channel, reason } = gap
      if (reason === 'lost-on-crash' || reason === 'clock-step') return [gap]
      if (!channels.includes(channel)) return []
      if (reason === 'lost-in-sensor') return sender.endsWith(`: ${name}`) ? [gap] : []
      return [{ ...gap, isAnyones: true }]
    })
  }

  /** All whose time reaches into the window; times in RFC 3339. */
  between(from: string, to: string): readonly GapFact[] {
    const [start, end] = [Date.parse(from), Date.parse(to)]
    return this.#gaps.filter((gap) => Date.parse(gap.from) < end && Date.parse(gap.to) >= start)
  }

  /** Those recorded among these entries whose time was over before. */
  late(before: string, entries: { readonly from: number; readonly to: number }): readonly GapFact[] {
    const start = Date.parse(before)
    return this.#gaps.filter(({ entry, to }) => entry >= entries.from && entry < entries.to && Date.parse(to) < start)
  }

  async #readOn(): Promise<void> {
    const size = this.#reader.size()
    let read = 0
    for (const { index, record } of this.#reader.eachControl('gap', { from: this.#read, to: size })) {
      this.#read = index + 1
      if (record.reason === 'masks-unlisted') continue
      const { from, to, channel, reason, detail, sender } = record
      this.#gaps.push({ entry: index, from: timeIn(from), to: timeIn(to), channel, reason, detail, sender })
      if (this.#gaps.length > GAPS_KEPT) {
        this.#gaps.shift()
        this.#cut += 1
      }
      read += 1
      if (read % GAPS_PER_TURN === 0) await turn()
    }
    this.#read = size
  }
}

/** A step of the clock states its times in nanoseconds. */
function timeIn(text: string): string {
  const time = parseUnixNanoText(text)
  return time === undefined ? text : formatRfc3339(time)
}
