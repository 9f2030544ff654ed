import type { Agent } from '@holdfast/api'
import { pathOf, routes } from '@holdfast/api'
import { useSuspenseInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { queries } from '../data/queries.ts'
import { COPIED_PAGE } from '../limits.ts'
import { paths } from '../paths.ts'
import { inertLine } from '../text/inert.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { ClockBadge, TierBadge } from '../ui/Badges.tsx'
import { DataGrid, type GridColumn } from '../ui/DataGrid.tsx'
import { FilterField } from '../ui/FilterField.tsx'
import { formatCount, plural } from '../ui/format.ts'
import { PageHead } from '../ui/Page.tsx'
import { EmptyState } from '../ui/States.tsx'
import { FirstRun } from './FirstRun.tsx'

const route = getRouteApi('/')

const CAPTURING: Readonly<Record<Agent['capturing'], { readonly badge: string; readonly text: string }>> = {
  capturing: { badge: 'badge-good', text: 'content captured' },
  suppressed: { badge: 'badge-warn', text: 'content suppressed' },
  partly: { badge: 'badge-warn', text: 'content partly captured' },
  'not-capturing': { badge: 'badge-bad', text: 'metadata only' },
  'none-seen': { badge: '', text: 'no content seen' },
}

const ROSTER: Readonly<Record<Agent['roster'], string>> = {
  declared: 'a document or an operator declares it, and it was not seen yet',
  observed: 'it was seen, and nobody declares it',
  both: 'declared and seen',
}

const columns: readonly GridColumn<Agent>[] = [
  {
    id: 'name',
    header: 'Agent',
    track: 'minmax(14rem, 2.4fr)',
    onPhone: 'lead',
    cell: ({ row: { original: agent } }) => (
      <span className="flex min-w-0 flex-col leading-tight">
        <Untrusted text={agent.name} className="truncate font-semibold" />
        <span className="mono line-clamp-2 leading-tight whitespace-normal text-faint" title={inertLine(agent.id)}>
          <Untrusted text={agent.id} />
        </span>
      </span>
    ),
  },
  {
    id: 'class',
    header: 'Class',
    track: 'minmax(7.5rem, 1fr)',
    cell: ({ row: { original: agent } }) => <Untrusted text={agent.class} className="truncate text-soft" />,
  },
  {
    id: 'roster',
    header: 'Roster',
    track: 'minmax(6rem, 0.8fr)',
    cell: ({ row: { original: agent } }) => (
      <span className={`badge ${agent.shadow ? 'badge-bad' : ''}`} title={ROSTER[agent.roster]}>
        {agent.shadow ? 'shadow' : agent.roster}
      </span>
    ),
  },
  {
    id: 'events',
    header: 'Events',
    track: '5rem',
    isNumber: true,
    cell: ({ row: { original: agent } }) => <span className="tabular">{formatCount(agent.events)}</span>,
  },
  {
    id: 'conversations',
    header: 'Conversations',
    track: '6.5rem',
    isNumber: true,
    cell: ({ row: { original: agent } }) => <span className="tabular">{formatCount(agent.conversations)}</span>,
  },
  {
    id: 'capture',
    header: 'Capture',
    track: '9rem',
    cell: ({ row: { original: agent } }) => (
      <span className={`badge ${CAPTURING[agent.capturing].badge}`}>{CAPTURING[agent.capturing].text}</span>
    ),
  },
  {
    id: 'tier',
    header: 'Strongest source',
    track: 'minmax(12rem, 1.4fr)',
    cell: ({ row: { original: agent } }) => (
      <span className="flex flex-wrap gap-x-1 gap-y-0.5">
        <TierBadge tier={agent.tier} />
        {agent.clocks.map((clock) => (
          <ClockBadge key={clock} clock={clock} />
        ))}
      </span>
    ),
  },
  {
    id: 'seen',
    header: 'Last seen',
    track: '18.5rem',
    cell: ({ row: { original: agent } }) => <Time at={agent.lastSeen} ago />,
  },
]

/** Every agent that was heard, the most recent first; before the first, how to point one here. */
export function AgentsPage() {
  const { q } = route.useSearch()
  const navigate = useNavigate()
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useSuspenseInfiniteQuery(queries.agents(q))
  const agents = useMemo(() => data.pages.flatMap(({ items }) => items), [data])
  const total = data.pages[0]?.total ?? agents.length
  const rowAt = useCallback((index: number) => agents[index], [agents])
  const onRange = useCallback(
    (_first: number, last: number) => {
      if (last >= agents.length - 1 && hasNextPage && !isFetchingNextPage) void fetchNextPage()
    },
    [agents, hasNextPage, isFetchingNextPage, fetchNextPage],
  )
  if (agents.length === 0 && (q ?? '') === '') return <FirstRun />
  return (
    <>
      <PageHead
        tab="Agents"
        title="Agents"
        copy={{
          command: 'npm run -s holdfast -- agents',
          api: pathOf(routes.listAgents, {}, { q, limit: COPIED_PAGE }),
        }}
        actions={
          <>
            <Link to={paths.observed} className="button">
              Under observation
            </Link>
            <FilterField
              label="Filter agents by name"
              value={q}
              onChange={(next) => void navigate({ to: paths.agents, search: { q: next }, replace: true })}
            />
          </>
        }
      >
        {agents.length < total
          ? `First ${formatCount(agents.length)} of ${formatCount(total)}, most recently heard first.`
          : `${plural(total, 'agent')}, most recently heard first.`}
      </PageHead>
      {agents.length === 0 ? (
        <EmptyState title="No agent of that name" why="Agents are recorded, but the filter leaves none of them.">
          <button
            type="button"
            className="button self-start"
            onClick={() => void navigate({ to: paths.agents, search: {} })}
          >
            Clear the filter
          </button>
        </EmptyState>
      ) : (
        <DataGrid
          label="Agents"
          columns={columns}
          count={agents.length}
          rowAt={rowAt}
          keyOf={(agent) => agent.id}
          onOpen={(agent) => void navigate({ to: paths.agent, params: { agent: agent.id } })}
          onRange={onRange}
          rowHeight={56}
        />
      )}
    </>
  )
}
