import { pathOf, routes } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { queries } from '../data/queries.ts'
import { paths, safePath } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { InTexts } from '../hunt/InTexts.tsx'
import { huntFor } from './hunt-for.ts'
import { FilterField } from '../ui/FilterField.tsx'
import { AgentId } from '../ui/AgentId.tsx'
import { plural } from '../ui/format.ts'
import { PageHead } from '../ui/Page.tsx'
import { shellWord } from '../ui/shell-quote.ts'
import { EmptyState, ErrorState, Loading } from '../ui/States.tsx'

const route = getRouteApi('/search')

/** One box that opens any id; the address holds what was asked. */
export function SearchPage() {
  const { q = '' } = route.useSearch()
  const navigate = useNavigate()
  const { data, error, isPending, refetch } = useQuery(queries.search(q))
  const hits = q.trim() === '' ? [] : (data?.items ?? [])
  return (
    <>
      <PageHead
        tab={q === '' ? 'Search' : `Search: ${q}`}
        title="Open any id"
        {...(q.trim() === ''
          ? {}
          : {
              copy: { command: `npm run -s holdfast -- search ${shellWord(q)}`, api: pathOf(routes.search, {}, { q }) },
            })}
        actions={
          <FilterField
            label="Id or name"
            value={q}
            onChange={(next) => void navigate({ to: paths.search, search: { q: next }, replace: true })}
          />
        }
      >
        Incident, response plan, finding, agent, pod, conversation, trace, span, event, tool, document, digest or number
        of a log entry.
      </PageHead>
      <div data-scrolls="page" className="min-h-0 flex-1 overflow-auto">
        {q.trim() === '' ? (
          <EmptyState
            title="Nothing asked yet"
            why="Type an id, the start of a name, or words of the name or address of a document."
            command="npm run -s holdfast -- agents"
          />
        ) : error !== null ? (
          <ErrorState what="search" error={error} onRetry={() => void refetch()} />
        ) : isPending ? (
          <Loading what="what was recorded" />
        ) : hits.length === 0 ? (
          <EmptyState
            title="Nothing recorded has that id or name"
            why="Ids must be whole, but of a plan twelve digits are enough; of a name its start, of a tool or a document any words of its name or address. A pod is known by records that came from it, and a finding while it stands. What was never received cannot be found."
            command="npm run -s holdfast -- doctor"
          >
            <InTexts asked={{ q: huntFor(q) }} />
            <Link to={paths.hunt} search={{ q: huntFor(q) }} className="button self-start">
              Look for it in all events
            </Link>
          </EmptyState>
        ) : (
          <>
            <p className="px-4 py-2 text-soft">
              {plural(hits.length, 'result')}, understood as <Untrusted text={data?.understood ?? ''} />.
            </p>
            <ul>
              {hits.map((hit, index) => {
                const href = safePath(hit.href)
                return (
                  <li key={index} className="border-b border-line">
                    <Link
                      to={href ?? paths.search}
                      className="flex flex-wrap items-baseline gap-x-4 px-4 py-2 hover:bg-accent-ground"
                    >
                      <span className="eyebrow w-24 shrink-0">{hit.kind}</span>
                      <Untrusted text={hit.label} className="min-w-0 flex-1 truncate" />
                      {hit.at !== undefined && (
                        <span className="text-soft max-md:basis-full max-md:pl-28">
                          <Time at={hit.at} />
                        </span>
                      )}
                      {hit.id !== hit.label && (
                        <AgentId id={hit.id} className="mono text-faint max-md:basis-full max-md:pl-28 md:max-w-1/2" />
                      )}
                    </Link>
                  </li>
                )
              })}
            </ul>
          </>
        )}
      </div>
    </>
  )
}
