import type { IncidentRowWire } from '@holdfast/api'
import { pathOf, routes } from '@holdfast/api'
import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import { queries } from '../data/queries.ts'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { TierBadge } from '../ui/Badges.tsx'
import { DataGrid, type GridColumn } from '../ui/DataGrid.tsx'
import { formatCount, plural } from '../ui/format.ts'
import { PageHead } from '../ui/Page.tsx'
import { shellWord } from '../ui/shell-quote.ts'
import { EmptyState } from '../ui/States.tsx'
import { ResponseFigures } from './ResponseFigures.tsx'
import { CLOSED_WORDS, confidenceWords, STANDINGS, TRIAGE_BADGES, TYPE_NAMES } from './words.ts'

const route = getRouteApi(paths.incidents)

const columns: readonly GridColumn<IncidentRowWire>[] = [
  {
    id: 'triage',
    header: 'Triage',
    track: '6.5rem',
    cell: ({ row: { original: row } }) => <span className={`badge ${TRIAGE_BADGES[row.triage]}`}>{row.triage}</span>,
  },
  {
    id: 'type',
    header: 'Type',
    track: 'minmax(12rem, 14rem)',
    cell: ({ row: { original: row } }) => (
      <span className="flex min-w-0 flex-col leading-tight">
        <span className="flex min-w-0 items-center gap-1">
          <span className="truncate font-semibold">{TYPE_NAMES[row.type]}</span>
          {row.said !== undefined && <span className="badge">{row.said}</span>}
          {row.closed !== undefined && <span className="badge badge-good">{CLOSED_WORDS[row.closed]}</span>}
        </span>
        <span className="text-faint">
          {row.outcome === 'attempt' ? 'attempt, ' : ''}
          {confidenceWords(row.confidence)}
          {row.standing !== 'stated' && <span title={STANDINGS[row.standing]}>, {row.standing}</span>}
        </span>
      </span>
    ),
  },
  {
    id: 'what',
    header: 'What happened',
    track: 'minmax(16rem, 3fr)',
    onPhone: 'lead',
    cell: ({ row: { original: row } }) => (
      <span className="flex min-w-0 flex-col leading-tight">
        <Untrusted text={row.headline} className="line-clamp-2 whitespace-normal max-md:line-clamp-3" />
        <Untrusted text={row.agents.join(', ')} className="mono truncate text-faint" />
      </span>
    ),
  },
  {
    id: 'held',
    header: 'Held by',
    track: '8rem',
    cell: ({ row: { original: row } }) =>
      row.held === undefined ? (
        <span className={row.closed === undefined && row.outcome === 'incident' ? 'text-warn' : 'text-faint'}>
          nothing
        </span>
      ) : (
        <span className="badge badge-good">{row.held}</span>
      ),
  },
  {
    id: 'alike',
    header: 'Alike',
    track: '4rem',
    isNumber: true,
    cell: ({ row: { original: row } }) => <span className="tabular">{formatCount(row.repeats)}</span>,
  },
  {
    id: 'tier',
    header: 'Strongest source',
    track: '8.5rem',
    cell: ({ row: { original: row } }) => <TierBadge tier={row.tier} />,
  },
  {
    id: 'last',
    header: 'Last act',
    track: '18.5rem',
    cell: ({ row: { original: row } }) => <Time at={row.lastActClaimed ?? row.lastClaimed} ago />,
  },
]

/** Incidents, the latest first; what the list leaves out or has not judged yet is said above it. */
export function IncidentsPage() {
  const { attempts, agent } = route.useSearch()
  const navigate = useNavigate()
  const { data } = useSuspenseQuery(queries.incidents({ attempts, agent }))
  const { items, total, withheld, waiting, failed } = data
  const rowAt = useCallback((index: number) => items[index], [items])
  return (
    <>
      <PageHead
        tab="Incidents"
        title="Incidents"
        copy={{
          command: `npm run -s holdfast -- incidents list${attempts === true ? ' --attempts' : ''}${agent === undefined ? '' : ` --agent ${shellWord(agent)}`}`,
          api: pathOf(routes.listIncidents, {}, { agent, outcome: attempts === true ? 'all' : 'incident' }),
        }}
        actions={
          <label className="flex items-center gap-2">
            <input
              type="checkbox"
              checked={attempts === true}
              onChange={({ target }) =>
                void navigate({
                  to: paths.incidents,
                  search: (before) => ({ ...before, attempts: target.checked ? true : undefined }),
                  replace: true,
                })
              }
            />
            attempts too
          </label>
        }
      >
        {items.length < total
          ? `First ${formatCount(items.length)} of ${formatCount(total)}, the latest first;`
          : `${plural(total, 'incident')}, the latest first;`}{' '}
        repeats of one are one row, and Alike says how many that row stands for.
        {agent !== undefined && (
          <>
            {' '}
            Of <Untrusted text={agent} className="mono" /> alone.
          </>
        )}
        {withheld > 0 &&
          ` ${plural(withheld, 'row')} of agents with many, or alike in many agents, are left out: open the agent to see them.`}
        {failed > 0 && ` ${plural(failed, 'case')} could not be judged, and nothing is concluded of them.`}
        {waiting > 0 && ` ${plural(waiting, 'trace')} changed and ${waiting === 1 ? 'is' : 'are'} not judged yet.`}
      </PageHead>
      <ResponseFigures />
      {items.length === 0 ? (
        <EmptyState
          title="No incident"
          why="Nothing that was recorded amounts to one. What was not captured cannot be judged: the doctor says what is missing."
          command="npm run -s holdfast -- doctor"
        />
      ) : (
        <DataGrid
          label="Incidents"
          columns={columns}
          count={items.length}
          rowAt={rowAt}
          keyOf={(row) => row.id}
          onOpen={(row) => void navigate({ to: paths.incident, params: { incident: row.id } })}
          rowHeight={68}
        />
      )}
    </>
  )
}
