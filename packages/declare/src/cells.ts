import { CELLS_PER_HOUR } from './limits.ts'

/** What cells are kept of: two of the sights, and that the component was let go. What is declared stands in its documents. */
export type CellSight = 'loaded' | 'called' | 'unloaded'

/**
 * Sightings of one component and one kind in one minute of the source's clock that were recorded in one minute of ours.
 * Times are nanoseconds since 1970; entries are positions in the log.
 */
export type Cell = {
  readonly first: bigint
  readonly firstEntry: number
  readonly last: bigint
  readonly lastEntry: number
  readonly count: number
  /** Minute since 1970 in which they were recorded. */
  readonly recordedMinute: number
  /** Least position of all of them: at what size of the log the cell was first known. */
  readonly knownFrom: number
}

const MINUTE_NANOS = 60_000_000_000n

/** Minute since 1970. */
export function minuteOf(time: bigint): number {
  return Number(time / MINUTE_NANOS)
}

/** Hour since 1970: what one block of cells spans. */
export function hourOf(time: bigint): number {
  return Math.floor(minuteOf(time) / 60)
}

/** The cells of one hour with more of them; the same in whatever order they come. Sorted by time and recording. */
export function mergeCells(known: readonly Cell[], added: readonly Cell[]): readonly Cell[] {
  const merged = new Map<string, Cell>()
  for (const cell of [...known, ...added]) {
    const key = `${minuteOf(cell.first)} ${cell.recordedMinute}`
    const before = merged.get(key)
    merged.set(key, before === undefined ? cell : joined(before, cell))
  }
  const cells = [...merged.values()].toSorted(byTime)
  return cells.length <= CELLS_PER_HOUR ? cells : folded(cells)
}

/** Without telling apart when they were recorded: what came late then counts as known from the first of its minute. */
function folded(cells: readonly Cell[]): readonly Cell[] {
  const merged = new Map<string, Cell>()
  for (const cell of cells) {
    const key = String(minuteOf(cell.first))
    const before = merged.get(key)
    merged.set(key, before === undefined ? cell : joined(before, cell))
  }
  return [...merged.values()].toSorted(byTime)
}

function joined(a: Cell, b: Cell): Cell {
  const isFirstA = a.first < b.first || (a.first === b.first && a.firstEntry <= b.firstEntry)
  const isLastA = a.last > b.last || (a.last === b.last && a.lastEntry <= b.lastEntry)
  return {
    first: isFirstA ? a.first : b.first,
    firstEntry: isFirstA ? a.firstEntry : b.firstEntry,
    last: isLastA ? a.last : b.last,
    lastEntry: isLastA ? a.lastEntry : b.lastEntry,
    count: a.count + b.count,
    recordedMinute: Math.min(a.recordedMinute, b.recordedMinute),
    knownFrom: Math.min(a.knownFrom, b.knownFrom),
  }
}

function byTime(a: Cell, b: Cell): number {
  if (a.first !== b.first) return a.first < b.first ? -1 : 1
  return a.recordedMinute - b.recordedMinute
}

/** Cells as bytes: JSON of numbers, times as decimal text. */
export function encodeCells(cells: readonly Cell[]): Uint8Array {
  const rows = cells.map((cell) => [
    cell.first.toString(),
    (cell.last - cell.first).toString(),
    cell.firstEntry,
    cell.lastEntry,
    cell.count,
    cell.recordedMinute,
    cell.knownFrom,
  ])
  return Buffer.from(JSON.stringify(rows))
}

/** What {@link encodeCells} wrote. */
export function decodeCells(bytes: Uint8Array): readonly Cell[] {
  // Written by encodeCells alone, into a projection of our own.
  const rows = JSON.parse(Buffer.from(bytes).toString()) as [string, string, number, number, number, number, number][]
  return rows.map(([first, length, firstEntry, lastEntry, count, recordedMinute, knownFrom]) => ({
    first: BigInt(first),
    last: BigInt(first) + BigInt(length),
    firstEntry,
    lastEntry,
    count,
    recordedMinute,
    knownFrom,
  }))
}
