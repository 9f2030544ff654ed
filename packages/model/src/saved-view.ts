import type { HuntField } from './hunt-query.ts'

/** A search that somebody kept for everybody. Times are as they were typed, so that `2h ago` stays that. */
export type SavedView = {
  readonly name: string
  /** The query (hunt-query.ts). */
  readonly q: string
  readonly from?: string
  readonly to?: string
  readonly clock?: 'happened' | 'recorded'
  /** Columns of its table. */
  readonly columns?: readonly HuntField[]
}

/** A view saved, replaced or removed; views are put together from these. */
export type SavedViewRecord =
  | { readonly do: 'set'; readonly view: string; readonly saved: SavedView; readonly by: string }
  | { readonly do: 'removed'; readonly view: string; readonly by: string }
