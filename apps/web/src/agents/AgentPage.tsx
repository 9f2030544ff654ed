import type { AgentDetail, Conversation } from '@holdfast/api'
import { useSuspenseInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { queries } from '../data/queries.ts'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { formatDuration, formatCount, plural } from '../ui/format.ts'
import { millisBetween } from '../time/time.ts'
import { ClockBadge, ContentBadge, ErrorBadge, TierBadge } from '../ui/Badges.tsx'
import { CopyAs } from '../ui/CopyAs.tsx'
import { DataGrid, type GridColumn } from '../ui/DataGrid.tsx'
import { FilterField } from '../ui/FilterField.tsx'
import { PageHead, Share } from '../ui/Page.tsx'
import { shellWord } from '../ui/shell-quote.ts'
import { Sensors } from '../ui/Sensors.tsx'
import { EmptyState } from '../ui/States.tsx'

const route = getRouteApi('/agents/$agent')

const columns: readonly GridColumn<Conversation>[] = [
  {
    id: 'title',
    header: 'Conversation, by what set it off',
    track: 'minmax(16rem, 3fr)',
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
    id: 'agents',
    header: 'Agents',
    track: 'minmax(7rem, 1fr)',
    cell: ({ row: { original: item } }) => (
      <Untrusted text={item.agents.map(({ name }) => name).join(', ')} className="truncate text-soft" />
    ),
  },
  {
    id: 'calls',
    header: 'Model · tool calls',
    track: '7.5rem',
    cell: ({ row: { original: item } }) => (
      <span className="tabular">
        {formatCount(item.modelCalls)} · {formatCount(item.toolCalls)}
      </span>
    ),
  },
  {
    id: 'events',
    header: 'Events',
    track: '4.5rem',
    cell: ({ row: { original: item } }) => <span className="tabular">{formatCount(item.events)}</span>,
  },
  {
    id: 'flags',
    header: 'State',
    track: 'minmax(7rem, 0.8fr)',
    cell: ({ row: { original: item } }) => (
      <>
        {item.errors > 0 && <ErrorBadge count={item.errors} />}
        <ClockBadge clock={item.clock} />
      </>
    ),
  },
  {
    id: 'took',
    header: 'Took',
    track: '5rem',
    cell: ({ row: { original: item } }) => (
      <span className="tabular text-soft">{formatDuration(millisBetween(item.firstClaimed, item.lastClaimed))}</span>
    ),
  },
  {
    id: 'recorded',
    header: 'Last recorded',
    track: '18rem',
    cell: ({ row: { original: item } }) => <Time at={item.lastRecorded} ago />,
  },
]

/** One agent: what it is heard by, how much of that can be read, and its conversations. */
export function AgentPage() {
  const { agent: id } = route.useParams()
  const { q } = route.useSearch()
  const navigate = useNavigate()
  const { data: agent } = useSuspenseQuery(queries.agent(id))
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useSuspenseInfiniteQuery(
    queries.conversations(id, q),
  )
  const conversations = useMemo(() => data.pages.flatMap(({ items }) => items), [data])
  const total = data.pages[0]?.total ?? conversations.length
  const rowAt = useCallback((index: number) => conversations[index], [conversations])
  const onRange = useCallback(
    (_first: number, last: number) => {
      if (last >= conversations.length - 1 && hasNextPage && !isFetchingNextPage) void fetchNextPage()
    },
    [conversations, hasNextPage, isFetchingNextPage, fetchNextPage],
  )
  return (
    <>
      <PageHead
        tab={agent.name}
        title={<Untrusted text={agent.name} />}
        actions={
          <CopyAs
            command={`npm run -s holdfast -- tail --agent ${shellWord(agent.id)}`}
            value={agent}
            api={`/api/v1/agents/${encodeURIComponent(agent.id)}`}
          />
        }
      >
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Untrusted text={agent.id} className="mono" />
          <Untrusted text={agent.class} />
          <TierBadge tier={agent.tier} />
          {agent.clocks.map((clock) => (
            <ClockBadge key={clock} clock={clock} />
          ))}
          <span>{plural(agent.events, 'event')}</span>
          <span>
            heard first <Time at={agent.firstSeen} />
          </span>
          <span>
            last <Time at={agent.lastSeen} ago />
          </span>
        </span>
      </PageHead>
      <div className="flex min-h-0 flex-1 flex-col overflow-auto lg:flex-row">
        <section aria-label="Conversations" className="flex min-h-80 min-w-0 flex-1 flex-col">
          <div className="flex flex-wrap items-center gap-3 px-4 py-2">
            <h2 className="font-semibold">Conversations</h2>
            <span className="text-faint">
              {conversations.length < total
                ? `first ${formatCount(conversations.length)} of ${formatCount(total)}; more are read as you scroll`
                : `${formatCount(total)} of ${formatCount(total)}`}
            </span>
            <span className="ml-auto">
              <FilterField
                label="Filter conversations"
                value={q}
                onChange={(next) =>
                  void navigate({ to: paths.agent, params: { agent: id }, search: { q: next }, replace: true })
                }
              />
            </span>
          </div>
          {conversations.length === 0 ? (
            <EmptyState
              title={(q ?? '') === '' ? 'No conversation yet' : 'No conversation matches'}
              why={
                (q ?? '') === ''
                  ? 'What this agent sent names no conversation and no trace that could stand for one.'
                  : 'Conversations are recorded, but the filter leaves none of them.'
              }
              command={`npm run -s holdfast -- tail --agent ${shellWord(agent.id)}`}
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
        <Coverage agent={agent} />
      </div>
    </>
  )
}

function Coverage({ agent: { id: agent, coverage, members, versions } }: { readonly agent: AgentDetail }) {
  const contents = Object.entries(coverage.contents)
  return (
    <aside
      aria-label="Capture coverage"
      className="flex w-full shrink-0 flex-col gap-5 overflow-auto border-line bg-surface p-4 lg:w-88 lg:border-l"
    >
      <section>
        <h2 className="mb-1 font-semibold">How much can be read</h2>
        <Share
          share={coverage.entries === 0 ? 0 : coverage.mapped / coverage.entries}
          label="records that a dialect maps"
        />
        <p className="text-soft">
          {formatCount(coverage.mapped)} of {plural(coverage.entries, 'record')} are understood; the rest is kept as
          received.
        </p>
      </section>
      <section>
        <h2 className="mb-1 font-semibold">What the kernel tells</h2>
        <Sensors agent={agent} />
      </section>
      <section>
        <h3 className="eyebrow mb-1">Dialects</h3>
        <ul className="flex flex-col gap-1.5">
          {coverage.dialects.map(({ dialect, instrumentation, entries }) => (
            <li key={`${dialect} ${instrumentation}`} className="flex items-baseline gap-2">
              <span className="min-w-0 flex-1">
                <Untrusted text={dialect} className="font-medium" />
                <Untrusted text={instrumentation} className="mono block truncate text-faint" />
              </span>
              <span className="tabular">{formatCount(entries)}</span>
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h3 className="eyebrow mb-1">Contents</h3>
        {contents.length === 0 && (
          <p className="text-soft">No prompt, argument or result was stated, captured or not.</p>
        )}
        <ul className="flex flex-col gap-1">
          {contents.map(([state, count]) => (
            <li key={state} className="flex items-center justify-between">
              {/* The keys of this record are content states: its schema says so. */}
              <ContentBadge state={state as keyof AgentDetail['coverage']['contents']} />
              <span className="tabular">{formatCount(count)}</span>
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h3 className="eyebrow mb-1">Fields that no dialect maps</h3>
        {coverage.unmappedKeys.length === 0 ? (
          <p className="text-soft">None: every field that arrived is understood.</p>
        ) : (
          <>
            <ul className="flex flex-col gap-0.5">
              {coverage.unmappedKeys.map(({ key, entries }) => (
                <li key={key} className="flex gap-2">
                  <Untrusted text={key} className="mono min-w-0 flex-1 truncate" />
                  <span className="tabular text-soft">{formatCount(entries)}</span>
                </li>
              ))}
            </ul>
            <p className="mt-1 text-faint">
              {formatCount(coverage.unmappedKeys.length)} of {formatCount(coverage.unmappedKeysTotal)} fields. All are
              kept in the log as received.
            </p>
          </>
        )}
      </section>
      <Names title="Named agents inside" names={members} />
      <Names title="Versions" names={versions} />
    </aside>
  )
}

function Names({ title, names }: { readonly title: string; readonly names: readonly string[] }) {
  if (names.length === 0) return null
  return (
    <section>
      <h3 className="eyebrow mb-1">{title}</h3>
      <ul className="flex flex-wrap gap-1">
        {names.map((name) => (
          <li key={name} className="badge">
            <Untrusted text={name} />
          </li>
        ))}
      </ul>
    </section>
  )
}
