import type { RecoveryWire } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { queries } from '../data/queries.ts'
import { Proof } from '../inventory/Proof.tsx'
import { personWords } from '../text/person.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { plural } from '../ui/format.ts'
import { Fact } from '../ui/Page.tsx'
import { NotReadAgain, Unread } from '../ui/States.tsx'

/** From when on profiles are tainted, and how far each agent has come back. */
export function RecoverPanel({ incident }: { readonly incident: string }) {
  const { data, error, refetch } = useQuery(queries.recoveryOf(incident))
  const about = { what: 'the recovery', error, onRetry: () => void refetch() }
  if (data === undefined) return <Unread {...about} />
  return (
    <>
      <NotReadAgain {...about} />
      <p className="flex flex-wrap gap-x-2 text-soft">
        <span>
          Profiles are tainted from <Time at={data.since} /> on, the first tainted input.
        </span>
        <Proof entries={data.sinceEntry === undefined ? [] : [data.sinceEntry]} />
      </p>
      {data.agents.map((agent) => (
        <Agent key={agent.agent} agent={agent} />
      ))}
    </>
  )
}

function Agent({ agent }: { readonly agent: RecoveryWire['agents'][number] }) {
  const { name, contaminated, restore, mode, staging, monitoredHours, recurrences, recurred = [], build } = agent
  return (
    <div className="border-t border-line pt-2">
      <h3 className="font-medium">
        <Untrusted text={name} />
      </h3>
      <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-2 lg:grid-cols-3">
        <Fact label="Profile">
          {contaminated === undefined ? (
            <span className="text-warn">not marked</span>
          ) : (
            <>
              contaminated since <Time at={contaminated.since} />
              {contaminated.until !== undefined && (
                <>
                  , clean since <Time at={contaminated.until} />
                </>
              )}
            </>
          )}
        </Fact>
        <Fact label="Restore">
          <span className={restore.allowed ? 'text-good' : 'text-warn'}>{restore.allowed ? 'allowed' : 'refused'}</span>
          : <Untrusted text={restore.why} />
        </Fact>
        <Fact label="Mode">
          {mode === undefined ? (
            'as before'
          ) : (
            <>
              {mode.mode}, by <Untrusted text={personWords(mode.by)} />
            </>
          )}
        </Fact>
        <Fact label="Clean staging">
          {staging === undefined ? (
            'none'
          ) : (
            <>
              <Untrusted text={staging.agent} />: parity {staging.parity}, <Untrusted text={staging.reason} />
            </>
          )}
        </Fact>
        <Fact label="Since it came back">
          {monitoredHours === undefined ? 'it has not' : `${plural(monitoredHours, 'hour')} watched`}
          {recurrences !== undefined && (
            <span className={recurrences === 0 ? 'text-good' : 'text-bad'}>, {plural(recurrences, 'recurrence')}</span>
          )}
          {recurred.map(({ incident, entry, at }) => (
            <span key={incident} className="block">
              {incident} went on{' '}
              {at !== undefined && (
                <>
                  at <Time at={at} />{' '}
                </>
              )}
              <Proof entries={[entry]} />
            </span>
          ))}
        </Fact>
        {build !== undefined && (
          <Fact label="Build">
            <span className={build.matches ? 'text-good' : 'text-bad'}>
              {build.matches ? 'runs as stated' : 'another one runs'}
            </span>
          </Fact>
        )}
      </dl>
    </div>
  )
}
