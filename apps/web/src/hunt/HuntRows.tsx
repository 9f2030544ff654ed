import type { HuntRowWire } from '@holdfast/api'
import type { HuntField } from '@holdfast/model'
import { useMemo } from 'react'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { DataGrid, type GridColumn } from '../ui/DataGrid.tsx'
import { ModeButtons } from './Facets.tsx'
import { type Mode, modeOf } from './terms.ts'

export type HuntRowsProps = {
  readonly rows: readonly HuntRowWire[]
  readonly hasMore: boolean
  readonly onMore: () => void
  /** Whose times the rows tell. */
  readonly clock: 'recorded' | undefined
  readonly columns: readonly HuntField[]
  readonly q: string
  readonly selected: string | undefined
  readonly marked: ReadonlySet<string>
  readonly onOpen: (row: HuntRowWire) => void
  readonly onMark: (row: HuntRowWire) => void
  readonly onToggle: (field: HuntField, value: string, mode: Mode) => void
}

/** A row is named by its event and place: one event may stand in two entries, told by two sources. */
export function rowKey({ id, entry }: HuntRowWire): string {
  return `${entry}.${id}`
}

/** Events that the query found, the newest recorded first; more are read as the end comes into view. */
export function HuntRows(props: HuntRowsProps) {
  const { rows, hasMore, onMore, clock, columns, q, selected, marked, onOpen, onMark, onToggle } = props
  const grid = useMemo(
    () => gridColumns({ clock, columns, q, marked, onMark, onToggle }),
    [clock, columns, q, marked, onMark, onToggle],
  )
  return (
    <DataGrid
      label="Events that the query finds"
      columns={grid}
      count={rows.length + (hasMore ? 1 : 0)}
      rowAt={(index) => rows[index]}
      keyOf={rowKey}
      selected={selected}
      onOpen={onOpen}
      onMark={onMark}
      onRange={(_, last) => {
        if (hasMore && last >= rows.length - 40) onMore()
      }}
      rowHeight={28}
    />
  )
}

type ColumnsOptions = Pick<HuntRowsProps, 'clock' | 'columns' | 'q' | 'marked' | 'onMark' | 'onToggle'>

function gridColumns({
  clock,
  columns,
  q,
  marked,
  onMark,
  onToggle,
}: ColumnsOptions): readonly GridColumn<HuntRowWire>[] {
  return [
    {
      id: 'mark',
      track: '1.25rem',
      onPhone: 'none',
      header: () => <span className="sr-only">Marked</span>,
      cell: ({ row: { original } }) => (
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={`Mark log entry ${original.entry}`}
          checked={marked.has(rowKey(original))}
          onChange={() => onMark(original)}
          onClick={(event) => event.stopPropagation()}
        />
      ),
    },
    {
      id: 'at',
      track: '13.5rem',
      header: clock === 'recorded' ? 'Recorded' : 'Happened',
      cell: ({ row: { original } }) => <Time at={clock === 'recorded' ? original.recordedAt : original.claimedAt} />,
    },
    {
      id: 'label',
      track: 'minmax(12rem, 1.6fr)',
      onPhone: 'lead',
      header: 'Event',
      cell: ({ row: { original } }) => <Untrusted text={original.label} className="truncate" />,
    },
    ...columns.map((field): GridColumn<HuntRowWire> => ({
      id: field,
      track: 'minmax(9.5rem, 1fr)',
      header: headOf(field),
      cell: ({ row: { original } }) => {
        const value = original.values[field]
        if (value === undefined) return <span className="text-faint">–</span>
        return (
          <span className="group relative flex w-full min-w-0 items-center">
            <Untrusted text={field === 'agent' ? original.agentName : value} className="truncate" />
            <ModeButtons field={field} value={value} mode={modeOf(q, field, value)} onToggle={onToggle} isInGrid />
          </span>
        )
      },
    })),
    {
      id: 'entry',
      track: '4rem',
      isNumber: true,
      header: 'Entry',
      cell: ({ row: { original } }) => <span className="tabular mono text-faint">#{original.entry}</span>,
    },
  ]
}

/** As the other heads: a field is typed in lower case, and shown as a word. */
function headOf(field: HuntField): string {
  return field.charAt(0).toUpperCase() + field.slice(1)
}
