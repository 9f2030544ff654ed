import type { Conversation } from '@holdfast/api'
import { useSuspenseInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { queries } from '../data/queries.ts'
import { paths } from '../paths.ts'
import { inertLine } from '../text/inert.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { millisBetween } from '../time/time.ts'
import { ClockBadge, ErrorBadge } from '../ui/Badges.tsx'
import { DataGrid, type GridColumn } from '../ui/DataGrid.tsx'
import { FilterField } from '../ui/FilterField.tsx'
import { formatCount, formatDuration, plural } from '../ui/format.ts'
import { shellWord } from '../ui/shell-quote.ts'
import { EmptyState } from '../ui/States.tsx'
import { Coverage } from './Coverage.tsx'

const route = getRouteApi(paths.agentOverview)

const columns: readonly GridColumn<Conversation>[] = [
  {
    id: 'title',
    header: 'Conversation, by what set it off',
    track: 'minmax(13rem, 3fr)',
    onPhone: 'lead',
    cell: ({ row: { original: item } }) => (
      <span className="flex min-w-0 flex-col leading-tight">
        {item.title === '' ? (
          <span className="text-faint italic">triggering input not captured</span>
        ) : (
          <Untrusted text={item.title} className="truncate" />
        )}
        <Untrusted text={item.id} className="mono truncate text-faint" />
      </span>
    ),
  },
  {
    id: 'calls',
    header: 'Model · tool calls',
    track: '7rem',
    isNumber: true,
    cell: ({ row: { original: item } }) => (
      <span className="tabular">
        {formatCount(item.modelCalls)} · {formatCount(item.toolCalls)}
      </span>
    ),
  },
  {
    id: 'events',
    header: 'Events',
    track: '4rem',
    isNumber: true,
    cell: ({ row: { original: item } }) => <span className="tabular">{formatCount(item.events)}</span>,
  },
  {
    id: 'flags',
    header: 'State',
    track: 'minmax(6.5rem, 0.6fr)',
    cell: ({ row: { original: item } }) => (
      <>
        {item.errors > 0 && <ErrorBadge count={item.errors} />}
        {item.agents.length > 1 && (
          <span className="badge" title={inertLine(item.agents.map(({ name }) => name).join(', '), 200)}>
            {plural(item.agents.length, 'agent')}
          </span>
        )}
        <ClockBadge clock={item.clock} />
      </>
    ),
  },
  {
    id: 'took',
    header: 'Took',
    // Wide enough for the longest of them: `59 min 59 s`.
    track: '6rem',
    isNumber: true,
    cell: ({ row: { original: item } }) => (
      <span className="tabular text-soft">{formatDuration(millisBetween(item.firstClaimed, item.lastClaimed))}</span>
    ),
  },
  {
    id: 'recorded',
    header: 'Last recorded',
    track: '18.5rem',
    cell: ({ row: { original: item } }) => <Time at={item.lastRecorded} ago />,
  },
]

/** The conversations of an agent, and how much of what it told can be read. */
export function OverviewTab() {
  const { agent: id } = route.useParams()
  const { data: agent } = useSuspenseQuery(queries.agent(id))
  return (
    <div data-scrolls="page" className="flex min-h-0 flex-1 flex-col overflow-auto lg:flex-row">
      <Conversations agent={id} all={agent.conversations} />
      <Coverage agent={agent} />
    </div>
  )
}

type ConversationsProps = {
  readonly agent: string
  /** How many it has, the filter aside. */
  readonly all: number
}

function Conversations({ agent, all }: ConversationsProps) {
  const { q } = route.useSearch()
  const navigate = useNavigate()
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useSuspenseInfiniteQuery(
    queries.conversations(agent, q),
  )
  const conversations = useMemo(() => data.pages.flatMap(({ items }) => items), [data])
  const rowAt = useCallback((index: number) => conversations[index], [conversations])
  const onRange = useCallback(
    (_first: number, last: number) => {
      if (last >= conversations.length - 1 && hasNextPage && !isFetchingNextPage) void fetchNextPage()
    },
    [conversations, hasNextPage, isFetchingNextPage, fetchNextPage],
  )
  const isFiltered = (q ?? '') !== ''
  return (
    <section aria-label="Conversations" className="flex min-h-[34rem] min-w-0 flex-1 flex-col lg:min-h-80">
      <div className="flex flex-wrap items-center gap-3 px-4 py-2">
        <h2 className="font-semibold">Conversations</h2>
        <span className="text-faint">
          {hasNextPage && 'first '}
          {formatCount(conversations.length)}
          {isFiltered ? ' that match' : ` of ${formatCount(Math.max(all, conversations.length))}`}
          {hasNextPage && '; more are read as you scroll'}
        </span>
        <span className="ml-auto">
          <FilterField
            label="Filter conversations"
            value={q}
            onChange={(next) =>
              void navigate({ to: paths.agentOverview, params: { agent }, search: { q: next }, replace: true })
            }
          />
        </span>
      </div>
      {conversations.length === 0 ? (
        <EmptyState
          title={isFiltered ? 'No conversation matches' : 'No conversation yet'}
          why={
            isFiltered
              ? 'Conversations are recorded, but the filter leaves none of them.'
              : 'What this agent sent names no conversation and no trace that could stand for one.'
          }
          command={`npm run -s holdfast -- tail --agent ${shellWord(agent)}`}
        />
      ) : (
        <DataGrid
          label="Conversations"
          columns={columns}
          count={conversations.length}
          rowAt={rowAt}
          keyOf={(item) => item.id}
          onOpen={(item) => void navigate({ to: paths.conversation, params: { conversation: item.id } })}
          onRange={onRange}
          rowHeight={48}
        />
      )}
    </section>
  )
}
