import type { GraphRow } from '@holdfast/api'

type VisibleOptions = {
  readonly total: number
  /** Rows read so far, by page. */
  readonly loaded: ReadonlyMap<number, readonly Pick<GraphRow, 'id' | 'parent'>[]>
  /** Ids whose descendants are folded away. */
  readonly closed: ReadonlySet<string>
  readonly pageSize: number
}

/**
 * Indices of the rows that are not under a collapsed one, in order. Rows that were not read yet count as visible: what
 * stands above them is known once they are.
 */
export function visibleRows({ total, loaded, closed, pageSize }: VisibleOptions): readonly number[] {
  const all = Array.from({ length: total }, (_, index) => index)
  if (closed.size === 0) return all
  const folded = new Set<string>()
  return all.filter((index) => {
    const row = loaded.get(Math.floor(index / pageSize))?.[index % pageSize]
    if (row?.parent === undefined) return true
    // Parents come before their children, so one look up suffices.
    if (!closed.has(row.parent) && !folded.has(row.parent)) return true
    folded.add(row.id)
    return false
  })
}
