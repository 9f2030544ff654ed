import type { FleetMark, FleetRow } from '@holdfast/api'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { ClockBadge, TierBadge } from '../ui/Badges.tsx'
import { DataGrid, type GridColumn } from '../ui/DataGrid.tsx'
import { formatCount, formatShare } from '../ui/format.ts'
import { EmptyState, ErrorState, Loading } from '../ui/States.tsx'
import { MARKS } from './marks.ts'
import { fleetQueries } from './queries.ts'

type TableProps = { readonly mark: FleetMark | undefined; readonly class: string | undefined }

const columns: readonly GridColumn<FleetRow>[] = [
  {
    id: 'name',
    header: 'Agent',
    track: 'minmax(12rem, 1.6fr)',
    onPhone: 'lead',
    cell: ({ row: { original: row } }) => (
      <span className="flex min-w-0 flex-col leading-tight">
        <Untrusted text={row.name} className="truncate font-semibold" />
        <Untrusted text={row.agent} className="mono truncate text-faint" />
      </span>
    ),
  },
  {
    id: 'class',
    header: 'Class',
    track: '8rem',
    cell: ({ row: { original: row } }) => <span className="truncate text-soft">{row.class}</span>,
  },
  {
    id: 'marks',
    header: 'State',
    track: 'minmax(13rem, 1.4fr)',
    cell: ({ row: { original: row } }) => (
      <span className="flex max-h-11 flex-wrap gap-1 overflow-hidden">
        {row.marks.map((mark) => (
          <span key={mark} className={`badge ${MARKS[mark].badge}`} title={MARKS[mark].says}>
            <span aria-hidden="true">{MARKS[mark].sign}</span> {MARKS[mark].text}
            {mark === 'contained' && row.rung !== undefined && `: ${row.rung}`}
          </span>
        ))}
      </span>
    ),
  },
  {
    id: 'verdict',
    header: 'Profile',
    track: 'minmax(14rem, 2fr)',
    cell: ({ row: { original: row } }) => (
      <span className="line-clamp-2 whitespace-normal text-soft">{row.verdict ?? 'not read yet'}</span>
    ),
  },
  {
    id: 'capture',
    header: 'Captured',
    track: '6rem',
    isNumber: true,
    cell: ({ row: { original: row } }) => (
      <span className="tabular" title={`${row.contents.captured} of ${row.contents.all} contents`}>
        {row.contents.all === 0 ? 'no content' : formatShare(row.contents.captured / row.contents.all)}
      </span>
    ),
  },
  {
    id: 'tier',
    header: 'Strongest source',
    track: '12rem',
    cell: ({ row: { original: row } }) => (
      <span className="flex flex-wrap gap-x-1 gap-y-0.5">
        <TierBadge tier={row.tier} />
        {row.clocks.map((clock) => (
          <ClockBadge key={clock} clock={clock} />
        ))}
      </span>
    ),
  },
  {
    id: 'seen',
    header: 'Last heard',
    track: '18.5rem',
    cell: ({ row: { original: row } }) => <Time at={row.lastSeen} ago />,
  },
]

/** The agents behind a count, or all of them: the table twin of the tiles. */
export function FleetTable({ mark, class: named }: TableProps) {
  const navigate = useNavigate()
  const query = useInfiniteQuery(fleetQueries.agents({ mark, class: named }))
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = query
  const rows = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data])
  const rowAt = useCallback((index: number) => rows[index], [rows])
  const onRange = useCallback(
    (_first: number, last: number) => {
      if (last >= rows.length - 1 && hasNextPage && !isFetchingNextPage) void fetchNextPage()
    },
    [rows, hasNextPage, isFetchingNextPage, fetchNextPage],
  )
  if (error !== null) return <ErrorState what="agents" error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <Loading what="the agents" />
  if (rows.length === 0)
    return (
      <EmptyState
        title="No agent like that"
        why="Agents were heard, and none of them bears this mark or is of this class now."
      >
        <button
          type="button"
          className="button self-start"
          onClick={() => void navigate({ to: paths.fleet, search: {} })}
        >
          Clear the filter
        </button>
      </EmptyState>
    )
  const total = data.pages[0]?.total ?? rows.length
  return (
    <div className="flex min-h-96 flex-1 flex-col">
      <p className="px-4 py-1 text-faint">
        {rows.length < total
          ? `First ${formatCount(rows.length)} of ${formatCount(total)}, the worst first; more are read as you scroll.`
          : `${formatCount(total)} of ${formatCount(total)}, the worst first.`}
      </p>
      <DataGrid
        label="Agents of the fleet"
        columns={columns}
        count={rows.length}
        rowAt={rowAt}
        keyOf={(row) => row.agent}
        onOpen={(row) => void navigate({ to: paths.agent, params: { agent: row.agent } })}
        onRange={onRange}
        rowHeight={52}
      />
    </div>
  )
}
