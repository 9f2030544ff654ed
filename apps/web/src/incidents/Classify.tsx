import type { CaseWire, IncidentWire } from '@holdfast/api'
import { INCIDENT_TYPES } from '@holdfast/model'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../data/client.ts'
import { queries } from '../data/queries.ts'
import { Proof } from '../inventory/Proof.tsx'
import { DeedState } from '../response/Deeds.tsx'
import { roleObstacle } from '../response/may.ts'
import { useDeed } from '../response/use-deed.ts'
import { personWords } from '../text/person.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { plural } from '../ui/format.ts'
import { confidenceWords, TYPE_NAMES } from './words.ts'

type Action = CaseWire['actions'][number]

/** The word of a person on the type, with its history, and what another type would ask to take back. */
export function Classify({ incident }: { readonly incident: IncidentWire }) {
  const { data: found } = useQuery(queries.caseOf(incident.id))
  if (found === undefined) return null
  return (
    <div className="panel flex flex-col gap-2 p-3">
      <Named incident={incident} found={found} />
      <Revert incident={incident.id} found={found} />
      {found.end === undefined && <Override incident={incident} found={found} />}
    </div>
  )
}

type PartProps = { readonly incident: IncidentWire; readonly found: CaseWire }

function Named({ found: { types } }: PartProps) {
  if (types.length === 0)
    return (
      <p className="text-warn">
        No type is named: no phase of the runbook opens before one is. A hold by a plan does not wait for it.
      </p>
    )
  return (
    <ol aria-label="History of the type" className="flex flex-col gap-0.5">
      {types.map(({ type, confidence, reason, by, at, entry }) => (
        <li key={entry} className="flex flex-wrap items-baseline gap-x-2">
          <Time at={at} />
          <strong>{TYPE_NAMES[type]}</strong> {confidenceWords(confidence)}, by <Untrusted text={personWords(by)} />:
          <Untrusted text={reason} className="text-soft" />
          <Proof entries={[entry]} />
        </li>
      ))}
    </ol>
  )
}

/** Another type keeps what is finished, and asks step by step what is to be taken back. */
function Override({ incident, found }: PartProps) {
  const { data: session } = useQuery(queries.session())
  const deed = useDeed()
  const [type, setType] = useState(found.type ?? incident.type)
  const [reason, setReason] = useState('')
  const inForce = found.actions.filter(({ state }) => state === 'applied' || state === 'confirmed')
  const isOther = found.type !== undefined && type !== found.type
  const obstacle =
    roleObstacle(session, 'analyst') ??
    (found.type === type ? 'it has this type already' : reason.trim() === '' ? 'say why' : undefined)
  return (
    <form
      aria-label="Name the type"
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (obstacle !== undefined) return
        deed.run('the type is named', async () => {
          const params = { incident: incident.id }
          if (found.opened === undefined) await api.call('stepCase', { params, body: { do: 'open' } })
          await api.call('stepCase', { params, body: { do: 'classify', type, reason: reason.trim() } })
        })
      }}
    >
      <span className="flex flex-wrap items-center gap-2">
        <label className="flex items-center gap-2">
          Type
          <select
            className="field"
            value={type}
            onChange={({ target }) => setType(INCIDENT_TYPES.find((one) => one === target.value) ?? type)}
          >
            {INCIDENT_TYPES.map((one) => (
              <option key={one} value={one}>
                {TYPE_NAMES[one]}
                {one === incident.type ? ' (proposed)' : ''}
              </option>
            ))}
          </select>
        </label>
        <label className="flex min-w-0 flex-1 basis-56 items-center gap-2">
          Why
          <input
            className="field min-w-0 flex-1"
            value={reason}
            maxLength={1_000}
            onChange={({ target }) => setReason(target.value)}
          />
        </label>
        <button type="submit" className="button" disabled={obstacle !== undefined || deed.isBusy}>
          {found.type === undefined ? 'Name the type' : 'Change the type'}
        </button>
        {obstacle !== undefined && <span className="text-soft">{obstacle}</span>}
        <DeedState deed={deed} />
      </span>
      {isOther && (
        <p className="text-warn">
          What is finished stays. {plural(inForce.length, 'action')} in force would be asked about, one by one
          {inForce.length === 0 ? '.' : `: ${inForce.map(({ words }) => words).join('; ')}.`}
        </p>
      )}
    </form>
  )
}

/** Actions that were taken under another type: each is taken back or justified. */
function Revert({ incident, found }: { readonly incident: string; readonly found: CaseWire }) {
  const open = found.actions.filter(({ settlement }) => settlement === 'unsettled')
  if (open.length === 0) return null
  return (
    <section aria-label="Taken under another type" className="flex flex-col gap-1">
      <h3 className="font-medium">Taken under another type: revert or justify each</h3>
      {open.map((action) => (
        <Settle key={action.id} incident={incident} action={action} />
      ))}
    </section>
  )
}

function Settle({ incident, action }: { readonly incident: string; readonly action: Action }) {
  const deed = useDeed()
  const [reason, setReason] = useState('')
  const settle = (how: 'reverted' | 'justified') => () =>
    deed.run(`it is ${how}`, () =>
      api.call('stepCase', {
        params: { incident },
        body: { do: 'settle', action: action.id, how, reason: reason.trim() },
      }),
    )
  const isReady = reason.trim() !== '' && deed.state.status !== 'working'
  return (
    <span className="flex flex-wrap items-center gap-2">
      <span>
        <Untrusted text={action.words} /> <span className="badge">{action.state}</span>
      </span>
      <label className="flex items-center gap-2">
        Why
        <input className="field" value={reason} maxLength={1_000} onChange={({ target }) => setReason(target.value)} />
      </label>
      <button type="button" className="button" disabled={!isReady} onClick={settle('reverted')}>
        It was reverted
      </button>
      <button type="button" className="button" disabled={!isReady} onClick={settle('justified')}>
        It stays, justified
      </button>
      <DeedState deed={deed} />
    </span>
  )
}
