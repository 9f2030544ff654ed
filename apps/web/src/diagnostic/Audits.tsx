import type { SelfAuditWire } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../data/client.ts'
import { queries } from '../data/queries.ts'
import { Proof } from '../inventory/Proof.tsx'
import { roleObstacle } from '../response/may.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { CommandText } from '../ui/CommandText.tsx'
import { ErrorState, Loading } from '../ui/States.tsx'
import { diagnosticQueries } from './queries.ts'
import { Said } from './Said.tsx'
import { useAct } from './use-act.ts'
import { plural } from '../ui/format.ts'

/** Audits that were kept, each against the one before it, and when the next is due. */
export function Audits({ agent }: { readonly agent: string }) {
  const { data, error, refetch } = useQuery(diagnosticQueries.audits(agent))
  return (
    <section aria-label="Self-audits" className="panel flex flex-col gap-3 p-4">
      <h2 className="text-lg font-semibold">Self-audits</h2>
      {error !== null && <ErrorState what="audits" error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading what="the audits" />}
      {data !== undefined && (
        <>
          <p className="text-soft">
            {data.schedule === undefined || data.schedule.everyDays === 0 ? (
              <>
                None is held by itself; this holds one each quarter:{' '}
                <code>
                  <CommandText text="holdfast diagnose schedule --every 91 --reason TEXT" />
                </code>
                .
              </>
            ) : (
              `One every ${plural(data.schedule.everyDays, 'day')}.`
            )}{' '}
            {data.due !== undefined && (
              <>
                The next is due <Time at={data.due} />.
              </>
            )}
          </p>
          {data.items.length === 0 ? (
            <p className="text-faint">None was kept of this agent yet.</p>
          ) : (
            <ul className="flex flex-col divide-y divide-line">
              {data.items.map((audit) => (
                <Held key={audit.audit} audit={audit} />
              ))}
            </ul>
          )}
          <Hold agent={agent} />
        </>
      )}
    </section>
  )
}

function Held({ audit: { recordedAt, verdicts, changes, by, reason, entry } }: { readonly audit: SelfAuditWire }) {
  const count = (of: Readonly<Record<string, string>>, wanted: string): number =>
    Object.values(of).filter((verdict) => verdict === wanted).length
  return (
    <li className="flex flex-wrap items-baseline gap-x-4 gap-y-1 py-2">
      <Time at={recordedAt} />
      <span className="tabular">
        {count(verdicts.questions, 'yes')} of 5 yes, {count(verdicts.capabilities, 'covered')} of 9 covered
      </span>
      {changes.map(({ of, from, to, direction }) => (
        <span key={of} className={`badge ${direction === 'better' ? 'badge-good' : 'badge-bad'}`}>
          {direction === 'better' ? '↑' : '↓'} {of}: {from} to {to}
        </span>
      ))}
      <span className="text-faint">
        <Untrusted text={`${reason} (${by ?? 'schedule'})`} />
      </span>
      <Proof entries={[entry]} />
    </li>
  )
}

function Hold({ agent }: { readonly agent: string }) {
  const [reason, setReason] = useState('')
  const { state, run } = useAct('self-audits')
  const session = useQuery(queries.session()).data
  const obstacle = roleObstacle(session, 'analyst') ?? (reason.trim() === '' ? 'say why it is held' : undefined)
  return (
    <form
      className="flex flex-wrap items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        run('kept in the log', () => api.call('holdSelfAudit', { body: { agent, reason } }))
      }}
    >
      <input
        className="field w-72"
        aria-label="Why the audit is held"
        placeholder="Why it is held"
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <button
        type="submit"
        className="button"
        disabled={obstacle !== undefined || state.status === 'working'}
        title={obstacle ?? 'asks everything now and keeps what it came to'}
      >
        Hold an audit now
      </button>
      <Said state={state} />
    </form>
  )
}
