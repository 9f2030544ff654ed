import { useQuery } from '@tanstack/react-query'
import { queries } from '../data/queries.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { DataGrid, type GridColumn } from '../ui/DataGrid.tsx'
import { formatCount } from '../ui/format.ts'
import type { Reader } from './source.ts'

type ReaderGridProps = {
  readonly readers: readonly Reader[]
  readonly hasMore: boolean
  readonly onMore: () => void
  readonly onOpen: (reader: Reader) => void
}

const columns: readonly GridColumn<Reader>[] = [
  {
    id: 'execution',
    header: 'Execution',
    onPhone: 'lead',
    track: 'minmax(12rem, 2fr)',
    cell: ({ row: { original } }) => (
      <span className="flex min-w-0 flex-col leading-tight">
        <Untrusted text={original.conversation ?? 'of no execution'} className="truncate" />
        <Untrusted text={original.agentName} className="truncate text-faint" />
      </span>
    ),
  },
  {
    id: 'text',
    header: 'Text read',
    track: 'minmax(8rem, 1fr)',
    cell: ({ row: { original } }) => <TextRead event={original.event} />,
  },
  {
    id: 'events',
    header: 'Records',
    track: '4.5rem',
    isNumber: true,
    cell: ({ row: { original } }) => <span className="tabular">{formatCount(original.events)}</span>,
  },
  { id: 'last', header: 'Last', track: '18.5rem', cell: ({ row: { original } }) => <Time at={original.last} ago /> },
]

/** Executions, each leading to the step that read it. */
export function ReaderGrid({ readers, hasMore, onMore, onOpen }: ReaderGridProps) {
  return (
    <DataGrid
      label="Executions"
      columns={columns}
      count={readers.length + (hasMore ? 1 : 0)}
      rowAt={(index) => readers[index]}
      keyOf={({ event }) => event}
      onOpen={onOpen}
      onRange={(_, last) => {
        if (hasMore && last >= readers.length - 1) onMore()
      }}
      rowHeight={44}
    />
  )
}

/** Which text that was: as its sender counts versions, and by its digest. Read for the rows in view alone. */
function TextRead({ event }: { readonly event: string }) {
  const { data } = useQuery(queries.event(event))
  if (data === undefined) return <span className="text-faint">…</span>
  const version = data.facts['version']
  const isTool = data.facts['toolName'] !== undefined
  const slot = data.contents.find(({ slot: name }) => name === 'content' || name === 'description')
  return (
    <span className="flex min-w-0 flex-col leading-tight">
      {version !== undefined && <Untrusted text={String(version)} className="truncate" />}
      {version === undefined && !isTool && <span className="text-faint">no version stated</span>}
      <span className="mono truncate text-faint" title={slot?.digest}>
        {slot?.digest?.slice(0, 12) ?? slot?.state ?? (isTool ? 'not told with the call' : 'no text')}
      </span>
    </span>
  )
}
