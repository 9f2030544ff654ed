import type { ExplainedLineWire } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { queries } from '../data/queries.ts'
import { Proof } from '../inventory/Proof.tsx'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { ErrorState, Loading } from '../ui/States.tsx'

/** What one line rests on, as the log has it now: each event opens in its conversation. */
export function LineGrounds({ artifact, pointer }: { readonly artifact: string; readonly pointer: string }) {
  const { data, error, refetch } = useQuery(queries.policyLine(artifact, pointer))
  if (error !== null) return <ErrorState what="What it rests on" error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <Loading what="what it rests on" />
  return (
    <div className="flex flex-col gap-3">
      {data.lines.map((line) => (
        <Line key={line.index} line={line} />
      ))}
    </div>
  )
}

const STATES: Readonly<Record<ExplainedLineWire['state'], { readonly badge: string; readonly says: string }>> = {
  held: { badge: 'badge-good', says: 'all of it is in the log' },
  weakened: { badge: 'badge-warn', says: 'a part of it was erased or taken out' },
  lost: { badge: 'badge-bad', says: 'nothing of it is left' },
  'needs-none': { badge: '', says: 'it rests on no observation' },
}

function Line({ line: { state, evidence } }: { readonly line: ExplainedLineWire }) {
  return (
    <>
      <p>
        <span className={`badge ${STATES[state].badge}`}>{state}</span> {STATES[state].says}
      </p>
      {evidence.map(({ dimension, key, count, entries, events, lost }) => (
        <div key={`${dimension} ${key}`} className="flex flex-col gap-1">
          <p className="text-soft">
            {dimension} <Untrusted text={key} className="mono" />, seen {count} times; {entries.length} log positions
            are named
          </p>
          {lost.length > 0 && (
            <p className="note note-warn">
              no longer there: <Proof entries={lost} />
            </p>
          )}
          <ul className="flex flex-col gap-0.5">
            {events.map(({ event, entry, at, what, conversation }) => (
              <li key={event} className="flex flex-wrap items-baseline gap-x-3">
                <Time at={at} />
                {conversation === undefined ? (
                  <Untrusted text={what} />
                ) : (
                  <Link
                    to={paths.conversation}
                    params={{ conversation }}
                    search={{ view: 'tree', mode: 'aggregated', event }}
                    className="link"
                  >
                    <Untrusted text={what} />
                  </Link>
                )}
                <Proof entries={[entry]} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </>
  )
}
