import type { ApiEvent } from '@holdfast/api'
import { pathOf, routes } from '@holdfast/api'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import { TAIL_ROWS } from '../limits.ts'
import { paths } from '../paths.ts'
import type { TailSearch } from '../search-params.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { ClockBadge } from '../ui/Badges.tsx'
import { WhenField } from '../hunt/WhenField.tsx'
import { FilterField } from '../ui/FilterField.tsx'
import { formatCount, plural } from '../ui/format.ts'
import { Icon } from '../ui/Icon.tsx'
import { PageHead } from '../ui/Page.tsx'
import { Scrollable } from '../ui/Scrollable.tsx'
import { EmptyState } from '../ui/States.tsx'
import { QueryField } from './QueryField.tsx'
import { stableColour } from './tail-buffer.ts'
import { tailCommand } from './tail-command.ts'
import { type PastState, useTail } from './use-tail.ts'

const route = getRouteApi('/tail')
const COLOURS = ['input', 'reasoning', 'tool', 'identity', 'process', 'network'] as const

/** Events as they are recorded, of all agents or some. Without texts: those are opened one by one. */
export function TailPage() {
  const search = route.useSearch()
  const navigate = useNavigate()
  const [isPaused, setPaused] = useState(false)
  const tail = useTail(search, isPaused)
  const set = (change: Partial<TailSearch>): void =>
    void navigate({ to: paths.tail, search: { ...search, ...change }, replace: true })
  const hasFilter = [search.agent, search.include, search.exclude, search.kind, search.q].some(
    (text) => (text ?? '') !== '',
  )
  return (
    <>
      <PageHead
        tab="Live tail"
        title="Live tail"
        copy={{
          command: tailCommand(search),
          api: pathOf(
            routes.tail,
            {},
            { agent: search.agent, include: search.include, exclude: search.exclude, kind: search.kind, q: search.q },
          ),
          value: { items: tail.rows },
        }}
        actions={
          <>
            <button type="button" className="button" aria-pressed={isPaused} onClick={() => setPaused(!isPaused)}>
              <Icon name={isPaused ? 'play' : 'pause'} />
              {isPaused ? `Go on (${formatCount(tail.waiting)} waiting)` : 'Pause'}
            </button>
            <button type="button" className="button" onClick={tail.clear}>
              Clear
            </button>
          </>
        }
      >
        <output>
          {tail.state === 'live'
            ? 'Following.'
            : tail.state === 'lost'
              ? 'The server ended the stream.'
              : 'Connecting …'}
        </output>{' '}
        {plural(tail.rows.length, 'row')} of at most {formatCount(TAIL_ROWS)}
        {tail.past !== undefined && <PastWords past={tail.past} />}
        {tail.droppedHere > 0 &&
          `; ${formatCount(tail.droppedHere)} older ones dropped from this page, all of them are in the log`}
        {tail.droppedByServer > 0 && `; ${formatCount(tail.droppedByServer)} not sent, because this page was too slow`}.
      </PageHead>
      <div className="flex flex-wrap items-start gap-2 border-b border-line bg-surface px-4 py-2">
        <QueryField value={search.q} onChange={(q) => set({ q })} />
        <FilterField
          label="Agent"
          placeholder="agent name or id"
          value={search.agent}
          onChange={(agent) => set({ agent })}
        />
        <FilterField
          label="Include"
          placeholder="include"
          value={search.include}
          onChange={(include) => set({ include })}
        />
        <FilterField
          label="Exclude"
          placeholder="exclude"
          value={search.exclude}
          onChange={(exclude) => set({ exclude })}
        />
        <FilterField
          label="Highlight"
          placeholder="highlight"
          value={search.highlight}
          onChange={(highlight) => set({ highlight })}
        />
        <WhenField label="Since" value={search.since} onChange={(since) => set({ since })} />
      </div>
      {tail.rows.length === 0 ? (
        <EmptyState
          title="Waiting for the next record"
          why={
            hasFilter
              ? `Only what passes the filters appears here, from ${search.since === undefined ? 'the moment the page was opened' : 'then'} on.`
              : search.since === undefined
                ? 'Events appear from the moment this page was opened. Nothing has been recorded since.'
                : 'Nothing was recorded since then, as far back as was looked.'
          }
          command="npm run -s holdfast -- tail"
        >
          {hasFilter && (
            <button
              type="button"
              className="button self-start"
              onClick={() => void navigate({ to: paths.tail, search: {} })}
            >
              Clear the filters
            </button>
          )}
          <Link to={paths.hunt} search={{ from: '1h ago' }} className="link self-start">
            What was recorded in the last hour
          </Link>
        </EmptyState>
      ) : (
        <Rows rows={tail.rows} highlight={search.highlight} isPaused={isPaused} />
      )}
    </>
  )
}

function PastWords({ past }: { readonly past: PastState }) {
  switch (past.is) {
    case 'reading':
      return '; reading what was recorded since then …'
    case 'unread':
      return <span className="text-warn">; what was recorded before could not be read</span>
    case 'read':
      return past.isCut ? (
        <span className="text-warn">
          ; more was recorded since then than the newest {formatCount(past.looked)} events that were looked through
        </span>
      ) : null
  }
}

type RowsProps = {
  readonly rows: readonly ApiEvent[]
  readonly highlight: string | undefined
  readonly isPaused: boolean
}

function Rows({ rows, highlight, isPaused }: RowsProps) {
  const scroller = useRef<HTMLElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 26,
    overscan: 20,
  })
  const newest = rows.at(-1)?.id
  useEffect(() => {
    const box = scroller.current
    // A reader who has scrolled back stays where they are.
    if (box === null || isPaused || box.scrollHeight - box.scrollTop - box.clientHeight > 400) return
    virtual.scrollToIndex(rows.length - 1)
  }, [newest, rows.length, isPaused, virtual])
  const needle = highlight?.toLowerCase() ?? ''
  return (
    <Scrollable ref={scroller} label="Events as they are recorded" className="min-h-0 flex-1">
      <ol className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const event = rows[item.index]
          if (event === undefined) return null
          const isMarked =
            needle !== '' && `${event.label} ${event.kind} ${event.agent.name}`.toLowerCase().includes(needle)
          const colour = COLOURS[stableColour(event.agent.id, COLOURS.length)] ?? 'input'
          return (
            <li
              key={item.key}
              className={`absolute top-0 left-0 flex w-full items-center gap-3 px-4 ${isMarked ? 'bg-warn-ground' : ''}`}
              style={{ height: item.size, transform: `translateY(${item.start}px)` }}
            >
              <Time at={event.recordedAt} form="clock" />
              <Link
                to={paths.agent}
                params={{ agent: event.agent.id }}
                className={`lane-${colour} lane-text w-40 truncate font-semibold`}
              >
                <Untrusted text={event.agent.name} />
              </Link>
              <span className="w-28 shrink-0 text-soft">{event.kind}</span>
              <Link
                to={paths.conversation}
                params={{ conversation: event.conversation }}
                search={{ event: event.id }}
                className="min-w-0 flex-1 truncate hover:underline"
              >
                <Untrusted text={event.label} />
              </Link>
              <ClockBadge clock={event.source.clock} />
              <span className="tabular mono text-faint">#{event.entry}</span>
            </li>
          )
        })}
      </ol>
    </Scrollable>
  )
}
