import {
  around,
  decodeCells,
  hourOf,
  type Cell,
  type CellSight,
  type Mark,
  type Part,
  type Stand,
  type Trail,
} from '@holdfast/declare'
import type { ProjectionStore } from '@holdfast/recorder'
import { keys } from './keys.ts'
import { BLOCKS_READ } from './limits.ts'

/** The instant that is asked for. `size` is how far the log reached by then; all of it where that was not asked. */
export type Instant = { readonly at: bigint; readonly size: number }

/** Where each part of an agent stands at an instant. One seek for each part that was seen before and after it. */
export class Stands {
  readonly #store: ProjectionStore
  readonly #agent: string
  readonly #instant: Instant

  constructor(store: ProjectionStore, agent: string, instant: Instant) {
    this.#store = store
    this.#agent = agent
    this.#instant = instant
  }

  of(part: Part): Stand {
    const loaded = this.#trail(part, 'loaded')
    const called = this.#trail(part, 'called')
    const unloaded = this.#trail(part, 'unloaded')
    const next = [loaded.next, called.next].flatMap((mark) => mark ?? []).toSorted((a, b) => (a.at < b.at ? -1 : 1))[0]
    return {
      part,
      ...(loaded.trail === undefined ? {} : { loaded: loaded.trail }),
      ...(called.trail === undefined ? {} : { called: called.trail }),
      ...(unloaded.trail === undefined ? {} : { unloaded: unloaded.trail.last }),
      ...(next === undefined ? {} : { next }),
    }
  }

  #trail(part: Part, sight: CellSight): { readonly trail?: Trail; readonly next?: Mark } {
    const span = sight === 'unloaded' ? part.unloaded : part.sights[sight]
    if (span === undefined) return {}
    const { at, size } = this.#instant
    const first: Mark = { at: span.first, entry: span.firstEntry }
    const last: Mark = { at: span.last, entry: span.lastEntry }
    if (part.lastPosition < size) {
      if (last.at <= at) return { trail: { first, last } }
      if (first.at > at) return { next: first }
      return this.#found(first, this.#around(part.id, sight))
    }
    const known = this.#knownFirst(part.id, sight)
    return known === undefined ? {} : this.#found(known, this.#around(part.id, sight))
  }

  #found(first: Mark, { last, next }: { readonly last?: Mark; readonly next?: Mark }): { trail?: Trail; next?: Mark } {
    const after = next === undefined ? {} : { next }
    return last === undefined ? after : { trail: { first, last, ...after }, ...after }
  }

  #around(id: string, sight: CellSight): { readonly last?: Mark; readonly next?: Mark } {
    const { at } = this.#instant
    const hour = hourOf(at)
    // The hour of the instant first, then further out only where nothing was found.
    const near = around(this.#hour(id, sight, hour), at)
    const last = near.last ?? this.#before(id, sight, hour)
    const next = near.next ?? this.#after(id, sight, hour)
    return { ...(last === undefined ? {} : { last }), ...(next === undefined ? {} : { next }) }
  }

  #before(id: string, sight: CellSight, hour: number): Mark | undefined {
    const start = keys.cells(this.#agent, id, sight, hour)
    for (const cells of this.#blocks(id, sight, { start, reverse: true })) {
      const { last } = around(cells, this.#instant.at)
      if (last !== undefined) return last
    }
    return undefined
  }

  #after(id: string, sight: CellSight, hour: number): Mark | undefined {
    const start = keys.cells(this.#agent, id, sight, hour)
    for (const cells of this.#blocks(id, sight, { start, reverse: false })) {
      const { next } = around(cells, this.#instant.at)
      if (next !== undefined) return next
    }
    return undefined
  }

  /** Blocks beyond a key: one first, which is enough unless the log did not hold it by then, and then several at once. */
  *#blocks(
    id: string,
    sight: CellSight,
    { start, reverse }: { readonly start: string; readonly reverse: boolean },
  ): Generator<readonly Cell[]> {
    let after = start
    for (let limit = 1; ; limit = BLOCKS_READ) {
      const rows = this.#scan(id, sight, { after, reverse, limit })
      for (const [key, bytes] of rows) {
        yield this.#known(decodeCells(bytes))
        after = key
      }
      if (rows.length < limit) return
    }
  }

  /** The earliest sighting that the log held by then, until the instant. */
  #knownFirst(id: string, sight: CellSight): Mark | undefined {
    let after: string | undefined
    for (;;) {
      const rows = this.#scan(id, sight, { limit: BLOCKS_READ, ...(after === undefined ? {} : { after }) })
      for (const [key, bytes] of rows) {
        const [cell] = this.#known(decodeCells(bytes))
        if (cell !== undefined) return { at: cell.first, entry: cell.firstEntry }
        after = key
      }
      if (rows.length < BLOCKS_READ) return undefined
    }
  }

  #hour(id: string, sight: CellSight, hour: number): readonly Cell[] {
    const bytes = this.#store.get(keys.cells(this.#agent, id, sight, hour))
    return bytes === undefined ? [] : this.#known(decodeCells(bytes))
  }

  #scan(
    id: string,
    sight: CellSight,
    options: { readonly after?: string; readonly reverse?: boolean; readonly limit: number },
  ): [string, Uint8Array][] {
    return this.#store.scan({ prefix: keys.trail(this.#agent, id, sight), ...options })
  }

  /** A cell counts once its first entry was recorded; see SPEC.md I10 on the minute in which that is. */
  #known(cells: readonly Cell[]): readonly Cell[] {
    return cells.filter(({ knownFrom }) => knownFrom < this.#instant.size)
  }
}
