import { LogReader } from '../../log-reader.ts'
import { Recorder } from '../../recorder.ts'
import { groupOf, steadyClock } from '../groups.ts'
import { RunChecker } from '../run-checker.ts'

/** After the workload, so that a recovered log sees no step back; in its month, or new keys would hide every repeat. */
const AFTERWARDS = 1_790_003_600_000_000_000n

/** What the workload has told the outside so far, and the outside relies on. */
export class Promises {
  readonly #acknowledged: number[] = []
  readonly #checkpoints: string[] = []
  readonly #open = new Set<number>()
  /** Entries of the erased agent in batches below this are gone for good. */
  #erasedBelow = 0

  get count(): number {
    return this.#acknowledged.length + this.#checkpoints.length
  }

  heard(line: string): void {
    const [word, rest = ''] = line.split(' ')
    if (word === 'sent') this.#open.add(Number(rest))
    if (word === 'refused') this.#open.delete(Number(rest))
    if (word === 'checkpoint') this.#checkpoints.push(Buffer.from(rest, 'base64').toString())
    if (word === 'erased') this.#erasedBelow = Number(rest)
    if (word !== 'ack') return
    this.#open.delete(Number(rest))
    this.#acknowledged.push(Number(rest))
  }

  /**
   * Opens the folder as the next start would, and says what of the promises does not hold; empty where all do. Then it
   * sends again what was not answered and the newest that was, as a sender does, and looks a second time.
   */
  async broken(folder: string): Promise<string[]> {
    const wrong: string[] = []
    const fatal = (error: Error): void => void wrong.push(`the recorder gave up: ${error.message}`)
    const limits = { segmentEntries: 16, checkpointMs: 0, dedupeWindow: 4096, freeDiskFraction: 0 }
    const clock = steadyClock(AFTERWARDS)
    try {
      await using recorder = await Recorder.open({ folder, clock, limits, origin: 'log.example/disk', onFatal: fatal })
      const checker = new RunChecker(folder, (body) => /^\d+\/\d+ |^gone \d+$/.exec(Buffer.from(body).toString())?.[0])
      for (const batch of this.#acknowledged) checker.acknowledged(batchOf(batch))
      for (const note of this.#checkpoints) checker.sawCheckpoint(note)
      wrong.push(...checker.check(), ...this.#returned(folder))
      const again = [...this.#acknowledged.slice(-3), ...this.#open]
      for (const batch of again) {
        const found = bodiesIn(folder, batch)
        // A whole batch is sent again as it was: only what is there already may be told apart as a repeat.
        const { stored, duplicates } = await recorder.append([
          groupOf(found.length > 0 ? found : batchOf(batch).bodies, { service: `agent${batch % 3}` }),
        ])
        if (found.length > 0 && stored > 0) wrong.push(`batch ${batch} was stored twice`)
        if (found.length === 0 && duplicates > 0) wrong.push(`batch ${batch} was taken for a repeat of nothing`)
        if (found.length === 0) checker.acknowledged(batchOf(batch))
      }
      wrong.push(...checker.check())
    } catch (error) {
      wrong.push(`the log does not open: ${String(error)}`)
    }
    return wrong
  }

  #returned(folder: string): string[] {
    if (this.#erasedBelow === 0) return []
    using reader = LogReader.open({ folder })
    return [...reader.entries({ from: 0 })].flatMap(({ body }) => {
      const batch = Number(/^gone (\d+)$/.exec(Buffer.from(body ?? []).toString())?.[1] ?? this.#erasedBelow)
      return batch < this.#erasedBelow ? [`erased content of batch ${batch} is back`] : []
    })
  }
}

function batchOf(batch: number): { readonly name: string; readonly bodies: readonly string[] } {
  return { name: String(batch), bodies: Array.from({ length: 1 + (batch % 12) }, (_, i) => `${batch}/${i} `) }
}

/** Bodies of a batch as the log holds them. */
function bodiesIn(folder: string, batch: number): string[] {
  using reader = LogReader.open({ folder })
  const found: string[] = []
  for (const { body } of reader.withTerm(`trace:${batch}`)) {
    const text = Buffer.from(body ?? []).toString()
    if (text.startsWith(`${batch}/`)) found.push(text)
  }
  return found
}
