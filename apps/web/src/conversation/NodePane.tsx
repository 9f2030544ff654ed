import type { ApiEvent } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { queries } from '../data/queries.ts'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { ClockBadge, ErrorBadge, TierBadge } from '../ui/Badges.tsx'
import { formatCount, plural } from '../ui/format.ts'
import { Icon } from '../ui/Icon.tsx'
import { ErrorState, Loading } from '../ui/States.tsx'
import { ContentViewer } from './ContentViewer.tsx'
import { KIND_WORDS } from './node-words.ts'
import type { Selection } from './use-selection.ts'

type NodePaneProps = { readonly conversation: string; readonly node: string; readonly selection: Selection }

/** Events of a pane that are shown before "more": each is a request of its own. */
const EVENTS_AT_ONCE = 10

/** The selected step: its events with their sources, both clocks, where the log holds them, and their contents on demand. */
export function NodePane({ conversation, node, selection }: NodePaneProps) {
  const { data, error, refetch } = useQuery(queries.nodes(conversation, [node], selection.sight))
  const [count, setCount] = useState(EVENTS_AT_ONCE)
  const row = data?.items.find(({ id }) => id === node)
  const { search, set } = selection
  return (
    <aside
      aria-label="Selected step"
      className="flex max-h-[70vh] w-full shrink-0 flex-col overflow-auto border-line bg-surface max-lg:border-t lg:max-h-none lg:w-112 lg:border-l"
    >
      <div className="sticky top-0 z-10 flex items-center gap-2 border-b border-line bg-surface px-4 py-2">
        {row !== undefined && <Icon name={row.kind} className={`lane-${row.lane} lane-text`} />}
        <h2 className="min-w-0 flex-1 truncate font-semibold">
          {row === undefined ? 'Selected step' : <Untrusted text={row.label} />}
        </h2>
        <button
          type="button"
          className="button"
          aria-pressed={search.path === 'trigger'}
          onClick={() => set({ path: search.path === 'trigger' ? undefined : 'trigger', node })}
        >
          <Icon name="trigger" />
          What set it off
        </button>
        <button
          type="button"
          className="button"
          aria-pressed={search.path === 'reach'}
          onClick={() => set({ path: search.path === 'reach' ? undefined : 'reach', node })}
        >
          <Icon name="reach" />
          Reach
        </button>
        <button
          type="button"
          className="button button-quiet"
          aria-label="Close the pane"
          onClick={() => selection.select(undefined)}
        >
          <Icon name="close" />
        </button>
      </div>
      {error !== null ? (
        <ErrorState what="step" error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Loading what="the step" />
      ) : row === undefined ? (
        <p className="p-4 text-soft">
          No step of this conversation has the id in the address. It may be of another one.
        </p>
      ) : (
        <div className="flex flex-col gap-4 p-4">
          <p className="flex flex-wrap items-center gap-2 text-soft">
            {KIND_WORDS[row.kind]} of <Untrusted text={row.member ?? row.agent} className="font-medium" />
            {(row.tiers ?? [row.tier]).map((tier) => (
              <TierBadge key={tier} tier={tier} />
            ))}
            <ClockBadge clock={row.clock} />
            {row.trigger === true && <span className="badge badge-info">triggering input</span>}
            {row.status === 'error' && <ErrorBadge />}
            {row.contestedCause === true && (
              <span className="badge badge-warn">several claim its cause: none joined</span>
            )}
            {row.rivals !== undefined && (
              <span className="badge badge-warn">
                also claimed by <Untrusted text={row.rivals.join(', ')} />
              </span>
            )}
            <span>stands for {plural(row.events.length, 'event')}</span>
            {search.view === 'graph' && (
              <button
                type="button"
                className="link"
                onClick={() =>
                  set({
                    without: [...(search.without ?? '').split(','), row.id].filter((id) => id !== '').join(','),
                    node: undefined,
                    event: undefined,
                    path: undefined,
                    via: undefined,
                  })
                }
              >
                hide it
              </button>
            )}
          </p>
          {row.events.slice(0, count).map((id) => (
            <EventPanel key={id} id={id} />
          ))}
          {row.events.length > count && (
            <button type="button" className="button self-start" onClick={() => setCount(count + EVENTS_AT_ONCE)}>
              {formatCount(count)} of {formatCount(row.events.length)} events shown: show more
            </button>
          )}
        </div>
      )}
    </aside>
  )
}

function EventPanel({ id }: { readonly id: string }) {
  const { data: event, error, refetch } = useQuery(queries.event(id))
  if (error !== null) return <ErrorState what="event" error={error} onRetry={() => void refetch()} />
  if (event === undefined) return <Loading what="the event" />
  return (
    <article
      aria-label={`Event ${event.kind}`}
      className="flex flex-col gap-2 border-t border-line pt-3 first:border-0 first:pt-0"
    >
      <h3 className="flex items-baseline gap-2">
        <span className="font-semibold">{event.kind}</span>
        <Untrusted text={event.label} className="min-w-0 truncate text-soft" />
        <span className="ml-auto flex gap-x-3 whitespace-nowrap">
          <ReadersLink event={event} />
          <Link to={paths.auditRow} params={{ row: `row~${event.id}` }} className="link">
            audit row
          </Link>
        </span>
      </h3>
      {event.contents.map((slot) => (
        <ContentViewer key={slot.slot} event={event.id} slot={slot} />
      ))}
      <Facts event={event} />
    </article>
  )
}

/** Leads from what was read to everyone who read it. */
function ReadersLink({ event: { kind, facts } }: { readonly event: ApiEvent }) {
  const document = kind === 'context-item' ? (facts['origin'] ?? facts['uri']) : undefined
  const name = document ?? (kind === 'memory' ? facts['record'] : facts['toolName'])
  if (name === undefined) return null
  const search = facts['toolName'] === name ? { tool: String(name) } : { document: String(name) }
  return (
    <Link to={paths.source} search={search} className="link">
      who read it
    </Link>
  )
}

function Facts({ event }: { readonly event: ApiEvent }) {
  const { source } = event
  return (
    <dl className="grid grid-cols-[7.5rem_1fr] gap-x-3 gap-y-0.5">
      {Object.entries(event.facts).map(([name, value]) => (
        <Row key={name} name={name}>
          <Untrusted text={String(value)} />
        </Row>
      ))}
      <Row name="claimed">
        <Time at={event.claimedAt} form="exact" />
        {event.claimedUntil !== undefined && (
          <>
            {' '}
            to <Time at={event.claimedUntil} form="exact" />
          </>
        )}
      </Row>
      <Row name="recorded">
        <Time at={event.recordedAt} form="exact" />
      </Row>
      <Row name="source">
        {source.channel} <Untrusted text={source.instance} /> · {source.tier} · credential{' '}
        <Untrusted text={source.credential} />
      </Row>
      <Row name="dialect">
        <Untrusted text={source.dialect} />
        {source.instrumentation !== '' && (
          <>
            , by <Untrusted text={source.instrumentation} />
          </>
        )}
      </Row>
      {event.trace !== undefined && (
        <Row name="trace / span">
          <code className="break-all">
            {event.trace} / {event.span ?? '–'}
          </code>
        </Row>
      )}
      <Row name="in the log">
        <Link to={paths.integrity} search={{ entry: event.entry }} className="link tabular">
          entry {formatCount(event.entry)} and its proof
        </Link>
      </Row>
    </dl>
  )
}

function Row({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <>
      <dt className="truncate text-faint">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  )
}
