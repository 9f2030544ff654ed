import type { CaseWire } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { queries } from '../data/queries.ts'
import { Proof } from '../inventory/Proof.tsx'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { Command } from '../ui/Copy.tsx'
import { formatShare } from '../ui/format.ts'
import { Scrollable } from '../ui/Scrollable.tsx'
import { ErrorState } from '../ui/States.tsx'
import { TYPE_NAMES } from './words.ts'

type Phase = CaseWire['phases'][number]
type Status = Phase['status']
type Check = Phase['leaves'][number]

const CELLS: Readonly<Record<Status, { readonly sign: string; readonly text: string; readonly look: string }>> = {
  'not-open': { sign: '·', text: 'not open', look: 'text-faint' },
  open: { sign: '◐', text: 'open', look: 'badge-warn' },
  closed: { sign: '✓', text: 'closed', look: 'badge-good' },
  reopened: { sign: '◐', text: 'open again', look: 'badge-bad' },
  superseded: { sign: '–', text: 'left for another type', look: 'text-faint' },
}

/** How far an incident is worked: three types by six phases, and of one phase what must hold. Nothing is done from here. */
export function Runbook({ incident }: { readonly incident: string }) {
  const { data, error, refetch } = useQuery(queries.caseOf(incident))
  if (error !== null) return <ErrorState what="the case" error={error} onRetry={() => void refetch()} />
  if (data === undefined) return null
  return (
    <section aria-label="Runbook" className="panel flex flex-col gap-3 p-3">
      <h2 className="flex flex-wrap items-baseline gap-x-4 font-semibold">
        Runbook <Standing found={data} />
      </h2>
      <Matrix found={data} />
      <Next found={data} />
    </section>
  )
}

function Standing({ found: { opened, type, seals, end } }: { readonly found: CaseWire }) {
  const seal = seals.at(-1)
  return (
    <span className="font-normal text-soft">
      {opened === undefined ? (
        'nobody has opened its case'
      ) : (
        <>
          {type === undefined ? 'no type is accepted' : TYPE_NAMES[type]} · clocks since <Time at={opened} />
        </>
      )}
      {seal !== undefined && ` · sealed to entry ${seal.size}, ${formatShare(seal.completeness)} complete`}
      {end !== undefined && (
        <>
          {' '}
          · closed as {end.resolution} by <Untrusted text={end.by} />: <Untrusted text={end.reason} />
        </>
      )}
    </span>
  )
}

function Matrix({ found: { matrix, type, phases } }: { readonly found: CaseWire }) {
  const [chosen, setChosen] = useState<Phase['phase']>()
  const rows = [...Map.groupBy(matrix, (cell) => cell.type)]
  const shown = phases.find(({ phase }) => phase === chosen) ?? phases.find(({ status }) => status !== 'closed')
  return (
    <>
      <Scrollable label="Phases by type">
        <table className="w-full text-left">
          <thead>
            <tr className="eyebrow">
              <th className="py-1 pr-3">Type</th>
              {rows[0]?.[1].map(({ phase }) => (
                <th key={phase} className="px-2 py-1">
                  {phase}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([of, cells]) => (
              <tr key={of} className={`border-t border-line ${of === type ? 'bg-accent-ground' : ''}`}>
                <th scope="row" className="py-1 pr-3 pl-1 font-medium">
                  {TYPE_NAMES[of]}
                </th>
                {cells.map(({ phase, status }) => {
                  const { sign, text, look } = CELLS[status]
                  const label = (
                    <span className={`badge ${look}`}>
                      <span aria-hidden="true">{sign}</span> {text}
                    </span>
                  )
                  return (
                    <td key={phase} className="px-2 py-1">
                      {of === type ? (
                        <button
                          type="button"
                          aria-pressed={phase === shown?.phase}
                          aria-label={`${phase}: ${text}`}
                          onClick={() => setChosen(phase)}
                          className={`rounded-md border px-1 hover:border-accent ${phase === shown?.phase ? 'border-accent' : 'border-transparent'}`}
                        >
                          {label}
                        </button>
                      ) : (
                        label
                      )}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrollable>
      {shown !== undefined && <PhasePane phase={shown} />}
    </>
  )
}

function PhasePane({ phase: { phase, owner, action, status, enters, leaves, tasks, csf } }: { readonly phase: Phase }) {
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <div>
        <h3 className="font-medium">
          {phase}: {action}
        </h3>
        <p className="text-faint">
          {owner} is accountable · {csf.join(', ')}
        </p>
        <h4 className="eyebrow mt-2">Tasks</h4>
        <ul>
          {tasks.map(({ id, team, says, done }) => (
            <li key={id} className="py-0.5">
              <span className={`badge ${done === undefined ? '' : 'badge-good'}`}>
                {done === undefined ? 'to do' : 'done'}
              </span>{' '}
              <span className="mono">{id}</span> {says} <span className="text-faint">{team}</span>
              {done !== undefined && (
                <span className="text-faint">
                  {' '}
                  · <Untrusted text={done.by} /> <Time at={done.at} />
                </span>
              )}
            </li>
          ))}
        </ul>
      </div>
      <div className="flex flex-col gap-2">
        {status === 'not-open' && <Checks title="Opens when" checks={enters} />}
        <Checks title="Closes when" checks={leaves} />
      </div>
    </div>
  )
}

function Checks({ title, checks }: { readonly title: string; readonly checks: readonly Check[] }) {
  return (
    <div>
      <h4 className="eyebrow">{title}</h4>
      <ul>
        {checks.map(({ says, holds, found, entries }) => (
          <li key={says} className="flex flex-wrap items-baseline gap-x-2 py-0.5">
            <span className={holds ? 'text-good' : 'text-warn'}>
              <span aria-hidden="true">{holds ? '✓' : '○'}</span>
              <span className="sr-only">{holds ? 'holds' : 'does not hold'}</span>
            </span>
            <span>{says}</span>
            <Untrusted text={found} className="text-faint" />
            <Proof entries={entries.slice(0, 3)} />
          </li>
        ))}
      </ul>
    </div>
  )
}

/** The command that takes the next step. */
function Next({ found: { incident, opened, type, phases, end } }: { readonly found: CaseWire }) {
  if (end !== undefined) return null
  const at = phases.find(({ status }) => status !== 'closed')
  const step =
    opened === undefined
      ? `incidents open ${incident}`
      : type === undefined
        ? `incidents classify ${incident} --type TYPE --reason TEXT`
        : at === undefined
          ? `incidents close ${incident} --as resolved --reason TEXT`
          : `incidents runbook ${incident} ${at.status === 'not-open' ? '--open' : '--close'} ${at.phase}`
  return <Command label="the next step" text={`npm run -s holdfast -- ${step}`} />
}
