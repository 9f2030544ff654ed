// Rows are placed one by one, so they cannot be elements of a table: their roles say what those would. Keys are heard by the grid.
/* oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/control-has-associated-label, jsx-a11y/no-static-element-interactions, jsx-a11y/click-events-have-key-events */
import { tableFeatures, useTable, type ColumnDef, type RowData } from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState, useSyncExternalStore, type KeyboardEvent } from 'react'
import { useKey } from '../shell/use-key.ts'

const features = tableFeatures({})
/** A column: `id`, `header`, `cell`, and its width as a track of a CSS grid. */
export type GridColumn<T extends RowData> = ColumnDef<typeof features, T> & {
  readonly id: string
  readonly track: string
  /** Set to the right, so that digits of one weight stand below each other. */
  readonly isNumber?: boolean
  /** On a phone, where a row is a card: `lead` is its first line, and `none` is left out there. */
  readonly onPhone?: 'lead' | 'none'
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
  /** Marks a row, or takes the mark back. */
  readonly onMark?: (row: T) => void
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
export function DataGrid<T extends RowData>(props: DataGridProps<T>) {
  const {
    label,
    columns,
    count,
    rowAt,
    keyOf,
    onOpen,
    onMark,
    selected,
    onRange,
    tree,
    rowHeight = 36,
    scrollTo,
  } = props
  const scroller = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState(0)
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  const isPhone = useIsPhone()
  // Rows are as high as what is in them on a phone, and all the same elsewhere.
  useEffect(() => virtual.measure(), [isPhone, virtual])
  const items = virtual.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0
  useEffect(() => onRange?.(first, last), [first, last, onRange])
  useEffect(() => {
    if (scrollTo === undefined || scrollTo >= count) return
    virtual.scrollToIndex(scrollTo, { align: 'center' })
    setActive(scrollTo)
  }, [scrollTo, count, virtual])

  const loaded = useMemo(
    () => Array.from({ length: last - first + 1 }, (_, i) => rowAt(first + i)).filter((row) => row !== undefined),
    [first, last, rowAt],
  )
  const table = useTable({ features, columns: columns as GridColumn<T>[], data: loaded, getRowId: keyOf }) // never written to
  const rows = new Map(table.getRowModel().rows.map((row) => [row.id, row]))
  const template = isPhone ? {} : { gridTemplateColumns: columns.map(({ track }) => track).join(' ') }
  const columnOf = new Map(columns.map((column) => [column.id, column]))

  const move = (to: number): void => {
    const next = Math.max(0, Math.min(count - 1, to))
    setActive(next)
    virtual.scrollToIndex(next)
    // The row may not exist before the scroll has been painted.
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus())
  }
  const toggle = (open: boolean): void => {
    const row = rowAt(active)
    if (row !== undefined && tree?.isOpen(row) === !open) tree.onToggle(row, open)
  }
  const openActive = (): void => {
    const row = rowAt(active)
    if (row !== undefined) onOpen(row)
  }
  useKey('down', () => move(active + (scroller.current?.contains(document.activeElement) === true ? 1 : 0)))
  useKey('up', () => move(active - 1))
  useKey('open', openActive)
  useKey(
    'mark',
    () => {
      const row = rowAt(active)
      if (row !== undefined) onMark?.(row)
    },
    onMark !== undefined,
  )
  useKey('collapse', () => toggle(false), tree !== undefined)
  useKey('expand', () => toggle(true), tree !== undefined)

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target instanceof HTMLElement && event.target.role !== 'row') return
    const act = {
      ArrowDown: () => move(active + 1),
      ArrowUp: () => move(active - 1),
      PageDown: () => move(active + 20),
      PageUp: () => move(active - 20),
      Home: () => move(0),
      End: () => move(count - 1),
      Enter: openActive,
      ArrowLeft: () => toggle(false),
      ArrowRight: () => toggle(true),
    }[event.key]
    if (act === undefined || event.metaKey || event.ctrlKey || event.altKey) return
    event.preventDefault()
    act()
  }

  return (
    <div
      ref={scroller}
      data-scrolls={label}
      role={tree === undefined ? 'grid' : 'treegrid'}
      aria-label={label}
      aria-rowcount={count + 1}
      aria-colcount={columns.length}
      tabIndex={-1}
      className={`relative min-h-0 flex-1 overflow-auto ${isPhone ? 'grid-cards' : ''}`}
      onKeyDown={onKeyDown}
    >
      <div
        role="row"
        aria-rowindex={1}
        className={
          isPhone
            ? 'sr-only'
            : 'grid-head sticky top-0 z-10 grid min-w-fit items-center gap-x-4 border-b border-line bg-surface px-4 py-1.5'
        }
        style={template}
      >
        {table.getHeaderGroups().flatMap((group) =>
          group.headers.map((header) => (
            <span
              key={header.id}
              role="columnheader"
              className={`truncate ${columnOf.get(header.id)?.isNumber === true ? 'text-right' : ''}`}
            >
              <table.FlexRender header={header} />
            </span>
          )),
        )}
      </div>
      <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = rowAt(item.index)
          const cells = row === undefined ? undefined : rows.get(keyOf(row))
          return (
            <div
              key={item.key}
              ref={isPhone ? virtual.measureElement : undefined}
              role="row"
              data-index={item.index}
              aria-rowindex={item.index + 2}
              aria-selected={row !== undefined && selected !== undefined && keyOf(row) === selected}
              {...(row !== undefined && tree !== undefined
                ? { 'aria-level': tree.levelOf(row) + 1, 'aria-expanded': tree.isOpen(row) }
                : {})}
              tabIndex={item.index === active ? 0 : -1}
              className={`grid-row absolute top-0 left-0 w-full items-center gap-x-4 px-4 ${isPhone ? 'flex flex-wrap gap-y-0.5 py-2' : 'grid min-w-fit'}`}
              style={{
                ...template,
                ...(isPhone ? {} : { height: item.size }),
                transform: `translateY(${item.start}px)`,
              }}
              onClick={() => {
                setActive(item.index)
                if (row !== undefined) onOpen(row)
              }}
              onFocus={() => setActive(item.index)}
            >
              {cells === undefined ? (
                <span role="gridcell" className="text-faint">
                  reading …
                </span>
              ) : (
                cells.getAllCells().map((cell) => (
                  <span
                    key={cell.id}
                    role="gridcell"
                    className={cellClass(columnOf.get(cell.column.id), isPhone)}
                    data-label={isPhone ? labelOf(columnOf.get(cell.column.id)) : undefined}
                  >
                    <table.FlexRender cell={cell} />
                  </span>
                ))
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}

const PHONE = '(max-width: 40rem)'

function useIsPhone(): boolean {
  return useSyncExternalStore(
    (onChange) => {
      const query = matchMedia(PHONE)
      query.addEventListener('change', onChange)
      return () => query.removeEventListener('change', onChange)
    },
    () => matchMedia(PHONE).matches,
  )
}

type Placing = Pick<GridColumn<RowData>, 'isNumber' | 'onPhone'>

function cellClass(column: Placing | undefined, isPhone: boolean): string {
  if (!isPhone) return `flex min-w-0 items-center gap-2 truncate ${column?.isNumber === true ? 'justify-end' : ''}`
  return column?.onPhone === 'none'
    ? 'hidden'
    : `min-w-0 max-w-full ${column?.onPhone === 'lead' ? 'order-first basis-full' : 'flex items-center gap-x-1.5'}`
}

/** What a card says before a value, where no head of a column does. */
function labelOf(column: (Placing & { readonly header?: unknown }) | undefined): string | undefined {
  return column?.onPhone === undefined && typeof column?.header === 'string' ? column.header : undefined
}
