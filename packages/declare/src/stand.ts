import type { Cell } from './cells.ts'
import type { Part } from './part.ts'

/** A moment with the log position that proves it. */
export type Mark = { readonly at: bigint; readonly entry: number }

/** What is known at an instant of one kind of sighting of a part: the first, the last until then, and the next after it. */
export type Trail = { readonly first: Mark; readonly last: Mark; readonly next?: Mark }

/** A part as it stands at an instant. Trails are absent where nothing of the kind was seen until then. */
export type Stand = {
  readonly part: Part
  readonly loaded?: Trail
  readonly called?: Trail
  readonly unloaded?: Mark
  /** The first sighting after the instant, loaded or called, also of a part that was not seen before. */
  readonly next?: Mark
}

/** The last sighting until the instant. */
export function lastSeen({ loaded, called }: Stand): Mark | undefined {
  return later(loaded?.last, called?.last)
}

/** The later of two; the first of both where they are equal. */
export function later(a: Mark | undefined, b: Mark | undefined): Mark | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return b.at > a.at ? b : a
}

/** The earlier of two; the first of both where they are equal. */
export function earlier(a: Mark | undefined, b: Mark | undefined): Mark | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return b.at < a.at ? b : a
}

/**
 * What cells say about an instant. In the minute of the instant itself a cell that reaches past it was seen at its start
 * and will be seen at its end; nothing within ten minutes turns on when in between.
 */
export function around(cells: Iterable<Cell>, at: bigint): { readonly last?: Mark; readonly next?: Mark } {
  let last: Mark | undefined
  let next: Mark | undefined
  for (const cell of cells) {
    const first: Mark = { at: cell.first, entry: cell.firstEntry }
    const end: Mark = { at: cell.last, entry: cell.lastEntry }
    last = later(last, end.at <= at ? end : first.at <= at ? first : undefined)
    next = earlier(next, first.at > at ? first : end.at > at ? end : undefined)
  }
  return { ...(last === undefined ? {} : { last }), ...(next === undefined ? {} : { next }) }
}
