import { pathOf, routes } from '@holdfast/api'
import type { UnixNano } from '@holdfast/model'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { askedOf } from '../hunt/asked.ts'
import { huntQueries } from '../hunt/queries.ts'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { plural } from '../ui/format.ts'
import { PageHead } from '../ui/Page.tsx'
import { shellWord } from '../ui/shell-quote.ts'
import { EmptyState, ErrorState, Loading } from '../ui/States.tsx'
import { ChangedBy } from './ChangedBy.tsx'
import { FromThere } from './FromThere.tsx'
import { ReaderGrid } from './ReaderGrid.tsx'
import { readersOf, readsOf, type Source } from './source.ts'

const route = getRouteApi(paths.source)

/** A document or a tool: every execution that read it, who changed it, and what else came from where it came from. */
export function SourcePage() {
  const { document, tool } = route.useSearch()
  const name = document ?? tool
  if (name === undefined)
    return (
      <>
        <PageHead tab="Document or tool" title="Document or tool" />
        <EmptyState
          title="No document or tool was named"
          why="Look one up by its id, or by the start of its name, in the box at the top."
          command="npm run -s holdfast -- readers DOCUMENT"
        />
      </>
    )
  return <OneSource source={{ kind: document === undefined ? 'tool' : 'document', name }} />
}

function OneSource({ source }: { readonly source: Source }) {
  const { kind, name } = source
  const q = readsOf(source)
  // Nothing in this question counts from now.
  const asked = askedOf({ ...route.useSearch(), q }, 0n as UnixNano) // 0 is a time
  const navigate = useNavigate()
  const reads = useInfiniteQuery(huntQueries.rows(asked))
  const counts = useQuery(huntQueries.counts(asked, 'conversation,agent,server'))
  const readers = readersOf(reads.data?.pages.flatMap(({ items }) => items) ?? [])
  const facet = (field: string) => counts.data?.facets.find((one) => one.field === field)
  const agents = facet('agent')?.values.map(({ value }) => value) ?? []
  const servers = facet('server')?.values.map(({ value }) => value) ?? []
  return (
    <>
      <PageHead
        tab={`${kind} ${name}`}
        title={
          <>
            {kind === 'tool' ? 'Tool' : 'Document'} <Untrusted text={name} />
          </>
        }
        copy={{
          command:
            kind === 'document'
              ? `npm run -s holdfast -- readers ${shellWord(name)}`
              : `npm run -s holdfast -- hunt ${shellWord(q)} --stack conversation`,
          api: pathOf(routes.hunt, {}, { ...asked, limit: 1_000 }),
        }}
        actions={
          <Link to={paths.hunt} search={{ q }} className="button">
            All {counts.data === undefined ? '' : `${counts.data.matched} `}records
          </Link>
        }
      >
        {counts.data === undefined
          ? 'Counting …'
          : `${kind === 'tool' ? 'Told to or called by' : 'Read by'} ${plural(facet('conversation')?.distinct ?? 0, 'execution')} of ${plural(facet('agent')?.distinct ?? 0, 'agent')}, the latest first.`}
        {counts.data?.nextCursor !== undefined &&
          ` Counted over the newest ${counts.data.scanned} of ${counts.data.of} events.`}
      </PageHead>
      {reads.error !== null ? (
        <ErrorState what="reads" error={reads.error} onRetry={() => void reads.refetch()} />
      ) : reads.data === undefined ? (
        <Loading what="who read it" />
      ) : (
        <div className="grid min-h-0 flex-1 content-start overflow-auto lg:grid-cols-[minmax(0,1fr)_28rem] lg:grid-rows-1 lg:content-stretch lg:overflow-hidden">
          <section aria-label="Executions that read it" className="flex h-96 min-w-0 flex-col lg:h-auto lg:min-h-0">
            {readers.length === 0 ? (
              <EmptyState
                title="No execution read it"
                why="None named it. A text that its sender did not name can be found by a value of it."
                command="npm run -s holdfast -- readers --text VALUE"
              />
            ) : (
              <ReaderGrid
                readers={readers}
                hasMore={reads.hasNextPage}
                onMore={() => void (reads.isFetchingNextPage ? undefined : reads.fetchNextPage())}
                onOpen={({ conversation, event }) =>
                  void (conversation === undefined
                    ? navigate({ to: paths.hunt, search: { q, event } })
                    : navigate({
                        to: paths.conversation,
                        params: { conversation },
                        search: { view: 'tree', mode: 'aggregated', event },
                      }))
                }
              />
            )}
          </section>
          <div className="flex min-w-0 flex-col gap-4 border-line p-4 max-lg:border-t lg:overflow-auto lg:border-l">
            <ChangedBy source={source} asked={asked} agents={agents} />
            <FromThere source={source} asked={asked} servers={servers} />
          </div>
        </div>
      )}
    </>
  )
}
