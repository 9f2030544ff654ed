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
export declare function visibleRows({ total, loaded, closed, pageSize }: VisibleOptions): readonly number[]
export {}
//# sourceMappingURL=visible-rows.d.ts.map
