import type { ProfileEntryWire } from '@holdfast/api'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { queries } from '../data/queries.ts'
import { Proof } from '../inventory/Proof.tsx'
import { PROFILE_ROWS } from '../limits.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { formatCount } from '../ui/format.ts'
import { ErrorState, Loading } from '../ui/States.tsx'
import { inertLine } from '../text/inert.ts'
import { Table } from '../ui/Table.tsx'

type EntryTableProps = {
  readonly agent: string
  readonly at: string | undefined
  readonly dimension: ProfileEntryWire['dimension'] | undefined
}

/** Entries of the dimension that is shown, the most seen first, each with its age and what proves it. */
export function EntryTable({ agent, at, dimension }: EntryTableProps) {
  const [shown, setShown] = useState(PROFILE_ROWS)
  const asked = queries.profileEntries(agent, { at, dimension, limit: shown })
  const { data, error, refetch } = useQuery({ ...asked, placeholderData: keepPreviousData })
  if (error !== null) return <ErrorState what="profile" error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <Loading what="the profile" />
  return (
    <section className="panel flex min-w-0 flex-col" aria-label="Entries of the profile">
      <header className="border-b border-line p-3">
        <h2 className="font-semibold">
          Entries{' '}
          <span className="font-normal text-faint">
            {data.items.length < data.total
              ? `first ${formatCount(data.items.length)} of ${formatCount(data.total)}`
              : formatCount(data.total)}
          </span>
        </h2>
      </header>
      <div className="overflow-x-auto">
        <Table
          className="min-w-[48rem]"
          label="Entries of the profile"
          columns={[
            'Entry',
            { name: 'Seen', isNumber: true },
            { name: 'Days', isNumber: true },
            'State',
            'First claimed',
            'Last claimed',
            'Proof',
          ]}
        >
          {data.items.map((entry) => (
            <EntryRow key={`${entry.dimension} ${entry.key}`} agent={agent} entry={entry} />
          ))}
        </Table>
      </div>
      {data.items.length < data.total && (
        <button type="button" className="button m-3 self-start" onClick={() => setShown(shown + PROFILE_ROWS)}>
          Show {Math.min(PROFILE_ROWS, data.total - data.items.length)} more
        </button>
      )}
    </section>
  )
}

const STATES: Readonly<Record<ProfileEntryWire['state'], { readonly badge: string; readonly text: string }>> = {
  current: { badge: 'badge-good', text: 'current' },
  stale: { badge: 'badge-warn', text: 'stale, still allowed' },
  'left-out': { badge: '', text: 'left out of proposals' },
}

function EntryRow({ agent, entry }: { readonly agent: string; readonly entry: ProfileEntryWire }) {
  const { dimension, key, count, daysSeen, state, recency, thin, isNew, first, last } = entry
  return (
    <tr>
      <td className="max-w-[32rem] px-3 py-1.5 align-top">
        <Untrusted text={key} className="mono break-all" />
      </td>
      <td className="tabular px-3 py-1.5 align-top">{formatCount(count)}</td>
      <td className="tabular px-3 py-1.5 align-top">{daysSeen}</td>
      <td className="px-3 py-1.5 align-top">
        <span className={`badge ${STATES[state].badge}`} title={`recency ${recency.toFixed(3)}`}>
          {STATES[state].text}
        </span>{' '}
        {thin && <span className="badge badge-info">thin</span>}{' '}
        {isNew && <span className="badge badge-warn">new since it converged</span>}
      </td>
      <td className="px-3 py-1.5 align-top whitespace-nowrap">
        <Time at={first} />
      </td>
      <td className="px-3 py-1.5 align-top whitespace-nowrap">
        <Time at={last} />
      </td>
      <td className="px-3 py-1.5 align-top">
        <EntryProof agent={agent} dimension={dimension} name={key} />
      </td>
    </tr>
  )
}

/** The first log entries that prove it, read when they are asked for. */
function EntryProof({
  agent,
  dimension,
  name,
}: {
  readonly agent: string
  readonly dimension: ProfileEntryWire['dimension']
  readonly name: string
}) {
  const [isOpen, setOpen] = useState(false)
  const { data } = useQuery({ ...queries.profileProofs(agent, { dimension, key: name }), enabled: isOpen })
  if (!isOpen) {
    return (
      <button
        type="button"
        className="button button-quiet"
        aria-label={`Show the proof of ${inertLine(name)}`}
        onClick={() => setOpen(true)}
      >
        Show
      </button>
    )
  }
  if (data === undefined) return <span className="text-faint">reading …</span>
  return (
    <span className="flex flex-wrap gap-x-2">
      <Proof entries={data.items.map(({ entry }) => entry)} />
      {data.nextAfter !== undefined && <span className="text-faint">and more</span>}
    </span>
  )
}
