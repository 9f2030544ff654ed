import type { LogEntry } from '@holdfast/model'
import type { FoldInput } from './fold-input.ts'
import { nextBatch } from './next-batch.ts'
import type { OpenProjection } from './open-views.ts'

type Log = {
  readonly size: () => number
  readonly entries: (range: { readonly from: number; readonly to: number }) => Iterable<LogEntry>
}

/**
 * Folds one batch into every projection that stands where the first of them does. One that is behind, being new or of a
 * new version, catches up in turns of its own, every second one while the log grows, so that neither waits for the other.
 */
export class FoldTurns {
  readonly #log: Log
  readonly #projections: readonly OpenProjection[]
  #isCatchUp = false

  constructor(log: Log, projections: readonly OpenProjection[]) {
    this.#log = log
    this.#projections = projections
  }

  /** Empties what was folded further than the log reaches: it was put back from a copy, or lost its tail with the power. */
  clearBeyondLog(): void {
    const size = this.#log.size()
    for (const { store } of this.#projections) if (store.cursor > size) store.clear()
  }

  /** Log entries that every projection has folded. */
  reach(): number {
    return Math.min(...this.#projections.map(({ store }) => store.cursor))
  }

  clear(): void {
    for (const { store } of this.#projections) store.clear()
  }

  /** The batch that was folded, empty where every projection has reached the end of the log. */
  turn(): { readonly inputs: readonly FoldInput[]; readonly isFirst: boolean } {
    const size = this.#log.size()
    const first = this.#projections[0]
    const behind = this.#projections
      .slice(1)
      .filter(({ store }) => store.cursor < Math.min(size, first?.store.cursor ?? 0))
    const isFirstDue = first !== undefined && first.store.cursor < size
    this.#isCatchUp = behind.length > 0 && (!isFirstDue || !this.#isCatchUp)
    const leader = this.#isCatchUp ? behind[0] : first
    if (leader === undefined) return { inputs: [], isFirst: true }
    const from = leader.store.cursor
    const inputs = from < size ? nextBatch(this.#log.entries({ from, to: size })) : []
    if (inputs.length > 0)
      for (const { projection, store } of this.#projections)
        if (store.cursor === from) store.apply({ cursor: from + inputs.length, ...projection.fold(store, inputs) })
    return { inputs, isFirst: leader === first }
  }
}
