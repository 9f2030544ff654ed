import type { UnixNano } from '@holdfast/model'
import { blob, type LogStore } from '../log-store.ts'
import type { ColdBlock } from './cold-file.ts'

/** Walks the segments that are old enough and still in the database, in log order. */
export class HotSegments {
  readonly #store: LogStore
  readonly #before: UnixNano
  /** Sorted. */
  readonly #keep: readonly number[]
  #from = 0
  kept = 0

  constructor(store: LogStore, { before, keep }: { readonly before: UnixNano; readonly keep: readonly number[] }) {
    this.#store = store
    this.#before = before
    this.#keep = keep
  }

  /** Segments of about so many bytes; none at the end. */
  next(bytes: number): readonly ColdBlock[] {
    const rows = this.#store.db
      .prepare(
        `SELECT s.first, s.count, s.key_id, b.sealed FROM segments s JOIN blocks b ON b.first = s.first
          WHERE s.first >= ? AND s.recorded_at < ? AND s.channel <> 'control' AND length(b.sealed) > 0 ORDER BY s.first`,
      )
      .iterate(this.#from, this.#before)
    const found: ColdBlock[] = []
    let size = 0
    for (const row of rows) {
      const [first, count] = [Number(row['first']), Number(row['count'])]
      this.#from = first + count
      if (this.#isKept(first, count)) {
        this.kept += 1
        continue
      }
      const sealed = Buffer.from(blob(row['sealed']) ?? [])
      found.push({ first, count, keyId: Number(row['key_id']), sealed })
      size += sealed.length
      if (size >= bytes) break
    }
    return found
  }

  #isKept(first: number, count: number): boolean {
    let [low, high] = [0, this.#keep.length]
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if ((this.#keep[middle] ?? 0) < first) low = middle + 1
      else high = middle
    }
    return (this.#keep[low] ?? Number.POSITIVE_INFINITY) < first + count
  }
}
