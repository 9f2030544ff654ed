import type { DriftWire } from '@holdfast/api'

/** Where something stands on the picture: its share of the window, and its place above or below the middle. */
export type Place = { readonly share: number; readonly row: number }

/** Columns of the picture in which marks are stacked, where there is room: those of one day do not hide each other. */
export const COLUMNS = 60
/** Marks in one column at most; what is more is in the table all the same. */
export const ROWS = 5

/** How many columns a lane of that width has room for, in pixels of CSS: marks of two of them do not lie on each other. */
export function columnsIn(width: number, markWidth: number): number {
  return Math.max(1, Math.min(COLUMNS, Math.floor(width / markWidth)))
}

/** Share of a window at which an instant lies, 0 to 1. */
export function shareOf(at: string, { from, asOf }: Pick<DriftWire, 'from' | 'asOf'>): number {
  const [start, end] = [Date.parse(from), Date.parse(asOf)]
  return end <= start ? 0 : Math.min(1, Math.max(0, (Date.parse(at) - start) / (end - start)))
}

/** Places of marks in one lane, stacked away from the middle; undefined for what has no room. */
export function placesOf(
  changes: readonly { readonly at: string }[],
  window: Pick<DriftWire, 'from' | 'asOf'>,
  columns = COLUMNS,
): readonly (Place | undefined)[] {
  const stacks = new Map<number, number>()
  return changes.map(({ at }) => {
    const column = Math.min(columns - 1, Math.floor(shareOf(at, window) * columns))
    const row = stacks.get(column) ?? 0
    stacks.set(column, row + 1)
    return row < ROWS ? { share: (column + 0.5) / columns, row } : undefined
  })
}
