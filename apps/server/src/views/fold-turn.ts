import type { LogEntry } from '@holdfast/model'
import type { FoldInput } from './fold-input.ts'
import type { RemovedDemos } from '../demo/removed-demos.ts'
import { FOLD_BATCH_ENTRIES } from '../limits.ts'
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
  readonly #removed: Pick<RemovedDemos, 'hides' | 'meets'> | undefined
  #isCatchUp = false

  /** `removed`: what is left out; nothing unless given. */
  constructor(log: Log, projections: readonly OpenProjection[], removed?: Pick<RemovedDemos, 'hides' | 'meets'>) {
    this.#log = log
    this.#projections = projections
    this.#removed = removed
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

  /**
   * The batch that was folded, and how many entries were read for it: none where every projection has reached the end of the
   * log, or where all were emptied to be folded anew without what was removed (`isCleared`).
   */
  turn(): Turn {
    const size = this.#log.size()
    const first = this.#projections[0]
    const behind = this.#projections
      .slice(1)
      .filter(({ store }) => store.cursor < Math.min(size, first?.store.cursor ?? 0))
    const isFirstDue = first !== undefined && first.store.cursor < size
    this.#isCatchUp = behind.length > 0 && (!isFirstDue || !this.#isCatchUp)
    const leader = this.#isCatchUp ? behind[0] : first
    if (leader === undefined) return { inputs: [], read: 0, isFirst: true, isCleared: false }
    const from = leader.store.cursor
    const counted = { read: 0, isCleared: false }
    const inputs = from < size ? nextBatch(this.#shown(this.#log.entries({ from, to: size }), counted)) : []
    if (counted.isCleared) {
      this.clear()
      return { inputs: [], read: 0, isFirst: true, isCleared: true }
    }
    if (counted.read > 0)
      for (const { projection, store } of this.#projections)
        if (store.cursor === from) store.apply({ cursor: from + counted.read, ...projection.fold(store, inputs) })
    return { inputs, isFirst: leader === first, ...counted }
  }

  /** Entries but those that were removed; ends where that would take long, or where a removal is met for the first time. */
  *#shown(entries: Iterable<LogEntry>, counted: { read: number; isCleared: boolean }): Generator<LogEntry> {
    for (const entry of entries) {
      counted.isCleared ||= this.#removed?.meets(entry) === true
      if (counted.isCleared) return
      counted.read += 1
      if (this.#removed?.hides(entry) !== true) yield entry
      else if (counted.read >= FOLD_BATCH_ENTRIES) return
    }
  }
}

export type Turn = {
  readonly inputs: readonly FoldInput[]
  readonly read: number
  /** The workspace was folded, not one that is behind. */
  readonly isFirst: boolean
  readonly isCleared: boolean
}
