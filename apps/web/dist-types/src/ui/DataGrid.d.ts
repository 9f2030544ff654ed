import { type ColumnDef, type RowData } from '@tanstack/react-table'
declare const features: {}
/** A column: `id`, `header`, `cell`, and its width as a track of a CSS grid in `meta`. */
export type GridColumn<T extends RowData> = ColumnDef<typeof features, T> & {
  readonly id: string
  readonly track: string
}
type DataGridProps<T extends RowData> = {
  readonly label: string
  readonly columns: readonly GridColumn<T>[]
  /** Number of rows, those not loaded yet included. */
  readonly count: number
  /** A row, or undefined while it is being read. */
  readonly rowAt: (index: number) => T | undefined
  readonly keyOf: (row: T) => string
  readonly onOpen: (row: T) => void
  readonly selected?: string | undefined
  /** The rows in view, whenever they change: what to read. */
  readonly onRange?: (first: number, last: number) => void
  /** For a tree: level from 0, and whether it is open; undefined for a leaf. */
  readonly tree?: {
    readonly levelOf: (row: T) => number
    readonly isOpen: (row: T) => boolean | undefined
    readonly onToggle: (row: T, open: boolean) => void
  }
  readonly rowHeight?: number
  /** Row to bring into view. */
  readonly scrollTo?: number | undefined
}
/** A list of any length: only what is in view is in the page. Rows are reached with arrows, `j` and `k`, opened with Enter. */
export declare function DataGrid<T extends RowData>(props: DataGridProps<T>): import('react').JSX.Element
export {}
//# sourceMappingURL=DataGrid.d.ts.map
