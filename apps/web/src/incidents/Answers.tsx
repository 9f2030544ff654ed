import { type Answer, HARM_WORDS, harmTimes, type IncidentWire, type StandingWire } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { queries } from '../data/queries.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { formatShare } from '../ui/format.ts'
import { type SealKnown, sealKnown } from './at-risk.ts'
import { Claim } from './Claim.tsx'
import { Owner } from './Owner.tsx'
import { Trigger } from './Trigger.tsx'
import { confidenceWords, STANDINGS, TYPE_NAMES } from './words.ts'

type AnswersProps = {
  readonly incident: IncidentWire
  readonly standing: StandingWire | undefined
  readonly decided: Answer<'planIncident'> | undefined
}

const HARM_LOOKS: Readonly<Record<StandingWire['harm']['state'], string>> = {
  continuing: 'badge-bad',
  stopped: 'badge-good',
  held: 'badge-good',
  ended: '',
  unknown: 'badge-warn',
  'none-seen': '',
}

const HARM_ROOM = 'min-h-22 sm:min-h-14'
const DO_ROOM = 'min-h-22 sm:min-h-14'

/** What somebody asks who was woken by it, in that order, on the first screen of a phone. */
export function Answers({ incident, standing, decided }: AnswersProps) {
  return (
    <dl className="flex flex-col">
      <Harm incident={incident} standing={standing} />
      <Row label="Set off by" room="min-h-18 sm:min-h-14">
        <Trigger incident={incident} standing={standing} />
      </Row>
      <Type incident={incident} />
      <AtRisk incident={incident} />
      <Action decided={decided} next={standing?.next} />
      <Row label="Owner">
        <Owner incident={incident.id} standing={standing} />
      </Row>
    </dl>
  )
}

type RowProps = {
  readonly label: string
  /** The room that its answer mostly takes, kept while it is read: what stands below is not moved under a finger. */
  readonly room?: string
  readonly children: ReactNode
}

function Row({ label, room = '', children }: RowProps) {
  return (
    <div
      className={`grid grid-cols-[4.75rem_minmax(0,1fr)] content-start items-baseline gap-x-2 border-t border-line py-1 md:grid-cols-[8rem_minmax(0,1fr)] md:py-1.5 ${room}`}
    >
      <dt className="eyebrow">{label}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  )
}

function Harm({ incident, standing }: Pick<AnswersProps, 'incident' | 'standing'>) {
  if (standing === undefined)
    return (
      <Row label="Harm" room={HARM_ROOM}>
        reading …
      </Row>
    )
  const { state, words, because, hold, open } = standing.harm
  const [first] = because
  return (
    <Row label="Harm" room={HARM_ROOM}>
      {/* The one thing that interrupts: harm that goes on. */}
      <span aria-live={state === 'continuing' ? 'assertive' : 'polite'}>
        <strong className={`badge ${HARM_LOOKS[state]}`}>{HARM_WORDS[state]}</strong> <HarmTimes standing={standing} />
        <Untrusted text={words} />
        {hold?.until !== undefined && (
          <>
            ; ends by itself <Time at={hold.until} />
          </>
        )}
      </span>{' '}
      {first !== undefined && (
        <Claim
          basis={because.some(({ basis }) => basis === 'inferred') ? 'inferred' : 'proven'}
          words={because.map((ground) => ground.words).join('; ')}
          incident={incident}
          entries={because.flatMap(({ entries }) => entries)}
        />
      )}
      {open !== undefined && (
        <span className="block text-warn">
          Stays open until this is done: <Untrusted text={open.join('; ')} />
        </span>
      )}
    </Row>
  )
}

function HarmTimes({ standing }: { readonly standing: StandingWire }) {
  const times = harmTimes(standing)
  if (times.kind === 'none') return null
  return times.kind === 'acts' ? (
    <>
      {times.first !== undefined && (
        <>
          first act <Time at={times.first} />,{' '}
        </>
      )}
      latest act <Time at={times.latest} />:{' '}
    </>
  ) : (
    <>
      {times.kind} <Time at={times.at} />:{' '}
    </>
  )
}

function Type({ incident }: { readonly incident: IncidentWire }) {
  const { type, confidence, standing, outcome, contributing } = incident
  const lines = incident.columns.find(({ role }) => role === 'primary')?.for ?? []
  const [strongest] = lines
  return (
    <Row label="Type">
      <strong>
        {outcome === 'attempt' ? 'Attempt: ' : ''}
        {TYPE_NAMES[type]}
      </strong>{' '}
      <span title={STANDINGS[standing]}>{confidenceWords(confidence)}</span>
      <span className={`text-soft ${standing === 'stated' ? 'max-md:hidden' : ''}`}>: {STANDINGS[standing]}</span>{' '}
      {contributing.length > 0 && (
        <span className="text-soft">with {contributing.map((one) => TYPE_NAMES[one].toLowerCase()).join(', ')} </span>
      )}
      {strongest !== undefined && (
        <Claim
          basis={strongest.basis}
          words={strongest.words}
          incident={incident}
          events={strongest.events}
          entries={strongest.entries}
        />
      )}
    </Row>
  )
}

/** What would be lost by acting, before anybody acts. */
function AtRisk({ incident }: { readonly incident: IncidentWire }) {
  const { data, error } = useQuery(queries.evidence({ kind: 'incident', id: incident.id }))
  const { data: found, error: caseError } = useQuery(queries.caseOf(incident.id))
  const partial = data?.artifacts.filter(({ state }) => state === 'partial' || state === 'missing') ?? []
  return (
    <Row label="At risk">
      {data === undefined
        ? error === null
          ? 'reading the evidence …'
          : 'how complete the evidence is could not be read'
        : `evidence ${formatShare(data.completeness)} complete`}
      {partial.length > 0 && <span className="text-warn"> ({partial.map(({ id }) => id).join(', ')} not whole)</span>};{' '}
      <Seal known={sealKnown(found, caseError)} />
    </Row>
  )
}

function Seal({ known }: { readonly known: SealKnown }) {
  switch (known.kind) {
    case 'reading':
      return <span className="text-faint">reading what is sealed …</span>
    case 'unread':
      return <span className="text-warn">what is sealed could not be read</span>
    case 'none':
      return <span className="text-warn">nothing is sealed</span>
    case 'sealed':
      return <span className="text-good">sealed to entry {known.size}</span>
  }
}

type ActionProps = Pick<AnswersProps, 'decided'> & { readonly next: StandingWire['next'] | undefined }

function Action({ decided, next }: ActionProps) {
  if (decided === undefined)
    return (
      <Row label="Do" room={DO_ROOM}>
        reading the ladder …
      </Row>
    )
  const { rung, rungs, softer, harder, row } = decided
  const chosen = rungs.find(({ standing }) => standing === 'chosen')
  // The rung that is in force is not asked for again.
  if (next?.do === 'scope')
    return (
      <Row label="Do" room={DO_ROOM}>
        <Untrusted text={next.words} />{' '}
        <a href="#scope" className="link font-semibold">
          Scope
        </a>
      </Row>
    )
  return (
    <Row label="Do" room={DO_ROOM}>
      <a href="#respond" className="link font-semibold">
        {chosen?.code} {rung}
      </a>
      : stops {chosen?.stops} {/* A phone has these on the ladder below. */}
      <span className="text-soft max-md:hidden">
        (<Untrusted text={row.words} />)
      </span>{' '}
      <span className="text-faint max-md:hidden">
        softer {softer === undefined ? 'none' : `${softer.code} ${softer.rung}`}, harder{' '}
        {harder === undefined ? 'none' : `${harder.code} ${harder.rung}`}
      </span>
    </Row>
  )
}
