import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type HuntAsked, huntQueries } from '../hunt/queries.ts'
import { SOURCE_SERVERS } from '../limits.ts'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { formatCount } from '../ui/format.ts'
import { fromOf, type Source } from './source.ts'

type FromThereProps = {
  readonly source: Source
  /** Whose window counts. */
  readonly asked: HuntAsked
  readonly servers: readonly string[]
}

/** What else the same server, data source or store gave, each leading to who read it. */
export function FromThere({ source, asked, servers }: FromThereProps) {
  const shown = servers.slice(0, SOURCE_SERVERS)
  return (
    <section aria-label="What else came from there" className="flex flex-col gap-3">
      <h2 className="font-semibold">What else came from there</h2>
      {shown.length === 0 && (
        <p className="text-soft">
          Nobody stated where it came from: no server, data source or store stands in the records of its reads.
        </p>
      )}
      {shown.map((server) => (
        <Given key={server} source={source} asked={{ ...asked, q: fromOf(server) }} server={server} />
      ))}
      {servers.length > shown.length && (
        <p className="text-faint">
          The first {shown.length} of {servers.length} places that it came from.
        </p>
      )}
    </section>
  )
}

type GivenProps = { readonly source: Source; readonly asked: HuntAsked; readonly server: string }

function Given({ source, asked, server }: GivenProps) {
  const { data } = useQuery(huntQueries.counts(asked, 'document,tool'))
  const others = (data?.facets ?? []).flatMap(({ field, values }) =>
    field !== 'document' && field !== 'tool'
      ? []
      : values
          .filter(({ value }) => field !== source.kind || value !== source.name)
          .map(({ value, count }) => ({ kind: field, name: value, count })),
  )
  const rest = (data?.facets ?? []).reduce((sum, facet) => sum + facet.distinct - facet.values.length, 0)
  return (
    <div className="panel flex flex-col gap-1 p-3">
      <h3 className="flex items-baseline justify-between gap-2">
        <Untrusted text={server} className="mono min-w-0 break-all" />
        <Link to={paths.hunt} search={{ q: asked.q }} className="link whitespace-nowrap">
          all its records
        </Link>
      </h3>
      {data === undefined ? (
        <p className="text-faint">Reading what it gave …</p>
      ) : others.length === 0 ? (
        <p className="text-soft">Nothing else.</p>
      ) : (
        <ul>
          {others.map(({ kind, name, count }) => (
            <li key={`${kind} ${name}`} className="flex items-baseline gap-2">
              <span className="eyebrow w-20 shrink-0">{kind}</span>
              <Link to={paths.source} search={{ [kind]: name }} className="link min-w-0 truncate">
                <Untrusted text={name} />
              </Link>
              <span className="tabular ml-auto text-faint">{formatCount(count)}</span>
            </li>
          ))}
        </ul>
      )}
      {rest > 0 && <p className="text-faint">and {formatCount(rest)} more</p>}
    </div>
  )
}
