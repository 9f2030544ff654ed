import type { BomChangeWire, HuntRowWire } from '@holdfast/api'
import { useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { queries } from '../data/queries.ts'
import { type HuntAsked, huntQueries } from '../hunt/queries.ts'
import { Proof } from '../inventory/Proof.tsx'
import { Texts } from '../inventory/Texts.tsx'
import { SOURCE_AGENTS } from '../limits.ts'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { plural } from '../ui/format.ts'
import { changesOf, type Source } from './source.ts'

type ChangedByProps = {
  readonly source: Source
  readonly asked: HuntAsked
  /** Ids of who read it, the most frequent first. */
  readonly agents: readonly string[]
}

/** Changes of its text that somebody recorded, and of a tool's definition those that were seen, with who made them. */
export function ChangedBy({ source, asked, agents }: ChangedByProps) {
  const recorded = useInfiniteQuery(huntQueries.rows({ ...asked, q: changesOf(source) }))
  const rows = recorded.data?.pages.flatMap(({ items }) => items) ?? []
  const looked = source.kind === 'tool' ? agents.slice(0, SOURCE_AGENTS) : []
  const seen = useQueries({
    queries: looked.map((agent) => queries.bomDiff(agent, { from: BEGINNING, to: asked.to })),
  })
  const changes = seen.flatMap(({ data }, i) =>
    (data?.changes ?? [])
      .filter(({ name, tools }) => name === source.name || tools.includes(source.name))
      .map((change) => ({ agent: looked[i] ?? '', change })),
  )
  const isReading = recorded.isPending || seen.some(({ isPending }) => isPending)
  return (
    <section aria-label="Who changed it" className="flex flex-col gap-2">
      <h2 className="font-semibold">Who changed it</h2>
      {isReading ? (
        <p className="text-faint">Reading changes …</p>
      ) : rows.length + changes.length === 0 ? (
        <p className="text-soft">
          No recorded change names it. Whether its text differed between executions is told by the digests beside them;
          changes become known where a deployment, a merge or a catalogue is recorded: docs/declaring.md.
        </p>
      ) : (
        <ul className="flex flex-col divide-y divide-line">
          {rows.map((row) => (
            <Recorded key={`${row.entry} ${row.id}`} row={row} />
          ))}
          {changes.map(({ agent, change }) => (
            <Seen key={`${agent} ${change.change} ${change.when ?? ''} ${change.name}`} agent={agent} change={change} />
          ))}
        </ul>
      )}
      {recorded.hasNextPage && (
        <button type="button" className="button self-start" onClick={() => void recorded.fetchNextPage()}>
          Show older changes
        </button>
      )}
      {agents.length > looked.length && source.kind === 'tool' && (
        <p className="text-faint">
          Definitions of the {plural(looked.length, 'agent')} that use it most were compared.
        </p>
      )}
    </section>
  )
}

/** Before anything that was recorded. */
const BEGINNING = '1970-01-01T00:00:00Z'

function Recorded({ row: { id, label, claimedAt, entry, values, agentName } }: { readonly row: HuntRowWire }) {
  const { data: event } = useQuery(queries.event(id))
  const told = (['from', 'to', 'changeId', 'approver'] as const).flatMap((name) => {
    const value = event?.facts[name]
    return value === undefined ? [] : [{ name: WORDS[name], value: String(value) }]
  })
  const { identity, kind = '', conversation } = values
  return (
    <li className="flex flex-col gap-0.5 py-2">
      <span className="flex flex-wrap items-baseline gap-x-2">
        <span className="badge badge-warn">{kind}</span>
        <Untrusted text={label} className="min-w-0 break-words" />
      </span>
      <span className="flex flex-wrap items-baseline gap-x-2 text-soft">
        <Time at={claimedAt} />
        <span>
          by <Untrusted text={identity ?? agentName} className="font-medium text-ink" />
        </span>
        {conversation !== undefined && kind.startsWith('memory') && (
          <Link to={paths.conversation} params={{ conversation }} className="link">
            its execution
          </Link>
        )}
        {told.map(({ name, value }) => (
          <span key={name}>
            {name} <Untrusted text={value} className="text-ink" />
          </span>
        ))}
        <Proof entries={[entry]} />
      </span>
    </li>
  )
}

const WORDS = { from: 'from', to: 'to', changeId: 'as', approver: 'approved by' } as const

function Seen({ agent, change }: { readonly agent: string; readonly change: BomChangeWire }) {
  const { by, when, proof, textBefore, textAfter } = change
  const who = [by?.changeId, by?.author].filter((part) => part !== undefined).join(' · ')
  return (
    <li className="flex flex-col gap-1 py-2">
      <span className="flex flex-wrap items-baseline gap-x-2">
        <span className={`badge ${change.change === 'changed' ? 'badge-warn' : ''}`}>{change.change}</span>
        <Link to={paths.agentInventory} params={{ agent }} className="link">
          <Untrusted text={agent.slice(agent.lastIndexOf('/') + 1)} />
        </Link>
        <span className="mono text-faint">{change.after?.digest?.slice(0, 12)}</span>
      </span>
      <span className="flex flex-wrap items-baseline gap-x-2 text-soft">
        {when === undefined ? 'not seen when' : <Time at={when} />}
        <span>
          {who === '' ? (
            'by nobody that is recorded'
          ) : (
            <>
              by <Untrusted text={who} className="font-medium text-ink" />
            </>
          )}
        </span>
        <Proof entries={proof} />
      </span>
      {textBefore !== undefined && textAfter !== undefined && <Texts before={textBefore} after={textAfter} />}
    </li>
  )
}
