import type { DutyClockWire } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { Time } from '../time/Time.tsx'
import { Command } from '../ui/Copy.tsx'
import { ErrorState, NotReadAgain } from '../ui/States.tsx'
import { incidentQueries } from './queries.ts'

const LOOKS: Readonly<Record<DutyClockWire['status'], string>> = {
  waiting: '',
  'at-once': 'badge-bad',
  running: 'badge-warn',
  overdue: 'badge-bad',
  done: 'badge-good',
}

/** Duties to notify with their deadlines, the soonest first. */
export function Duties({ incident }: { readonly incident: string }) {
  const { data, error, refetch } = useQuery(incidentQueries.duties(incident))
  const about = { what: 'the duties', error, onRetry: () => void refetch() }
  if (data === undefined) return error === null ? null : <ErrorState {...about} />
  return (
    <section aria-label="Duties" className="panel flex flex-col gap-1 p-3">
      <h2 className="font-semibold">Duties to notify</h2>
      <NotReadAgain {...about} />
      {data.clocks.length === 0 ? (
        <>
          <p className="text-soft">No regime is turned on that concerns its agents.</p>
          <Command label="the command that lists regimes" text="npm run -s holdfast -- duties list" />
        </>
      ) : (
        <>
          <ul className="flex flex-col gap-1">
            {data.clocks.map((clock) => (
              <li
                key={`${clock.regime} ${clock.stage}`}
                className="flex flex-wrap items-baseline gap-x-2"
                title={clock.says}
              >
                <span className={`badge ${LOOKS[clock.status]}`}>{clock.status}</span>
                <strong>{clock.regime}</strong> {clock.recipients.join(', ')}
                {clock.dueAt !== undefined && (
                  <span>
                    until <Time at={clock.dueAt} />
                  </span>
                )}
                {clock.doneAt !== undefined && (
                  <span>
                    told <Time at={clock.doneAt} />
                    {clock.isLate === true && ', late'}
                  </span>
                )}
              </li>
            ))}
          </ul>
          <p className="text-faint">{data.notice}</p>
        </>
      )}
    </section>
  )
}
