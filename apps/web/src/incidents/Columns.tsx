import type { EvidenceLineWire, IncidentColumnWire, IncidentWire } from '@holdfast/api'
import { Untrusted } from '../text/Untrusted.tsx'
import { TierBadge } from '../ui/Badges.tsx'
import { Claim } from './Claim.tsx'
import { Classify } from './Classify.tsx'
import { EventLink } from './EventLink.tsx'
import { conversationOf } from './graph-of.ts'
import { confidenceWords, TYPE_NAMES } from './words.ts'

/** Lines of one list that are shown before it is opened. */
const LINES = 3

/** One column for each type: what speaks for it, against it, and what is missing and why; below, the word of a person. */
export function Columns({ incident }: { readonly incident: IncidentWire }) {
  return (
    <section id="classification" aria-label="Classification" className="flex scroll-mt-2 flex-col gap-2">
      <h2 className="font-semibold">
        Classification <span className="font-normal text-soft">one type is proposed; a person has the last word</span>
      </h2>
      <div className="grid gap-3 lg:grid-cols-3">
        {incident.columns.map((column) => (
          <Column key={column.type} column={column} incident={incident} />
        ))}
      </div>
      <Classify incident={incident} />
    </section>
  )
}

type ColumnProps = { readonly column: IncidentColumnWire; readonly incident: IncidentWire }

function Column({ column, incident }: ColumnProps) {
  const { type, role, confidence, missing } = column
  return (
    <article
      aria-label={TYPE_NAMES[type]}
      className={`panel flex min-w-0 flex-col gap-2 p-3 ${role === 'primary' ? 'border-accent' : ''}`}
    >
      <h3 className="flex flex-wrap items-center gap-2 font-semibold">
        {TYPE_NAMES[type]}
        <span className="tabular text-sm font-normal text-soft">{confidenceWords(confidence)}</span>
        {role !== 'not-supported' && (
          <span className={`badge ${role === 'primary' ? 'badge-bad' : 'badge-warn'}`}>{role}</span>
        )}
      </h3>
      <Lines title="For" lines={column.for} incident={incident} />
      <Lines title="Against" lines={column.against} incident={incident} />
      <div>
        <h4 className="eyebrow">Missing {missing.length > 0 && missing.length}</h4>
        {missing.length === 0 && <p className="text-faint">nothing</p>}
        <ul className="flex flex-col gap-1">
          {missing.map(({ words, reason, remedy }) => (
            <li key={words}>
              <Untrusted text={words} />: <Untrusted text={reason} className="text-soft" />. To mend it:{' '}
              <Untrusted text={remedy} className="text-faint" />
            </li>
          ))}
        </ul>
      </div>
    </article>
  )
}

type LinesProps = {
  readonly title: string
  readonly lines: readonly EvidenceLineWire[]
  readonly incident: IncidentWire
}

function Lines({ title, lines, incident }: LinesProps) {
  const rest = lines.slice(LINES)
  return (
    <div>
      <h4 className="eyebrow">
        {title} {lines.length > 0 && lines.length}
      </h4>
      {lines.length === 0 && <p className="text-faint">nothing</p>}
      <LineList lines={lines.slice(0, LINES)} incident={incident} />
      {rest.length > 0 && (
        <details className="mt-1">
          <summary className="text-soft">{rest.length} more</summary>
          <LineList lines={rest} incident={incident} />
        </details>
      )}
    </div>
  )
}

function LineList({ lines, incident }: Omit<LinesProps, 'title'>) {
  return (
    <ul className="flex flex-col gap-2">
      {lines.map((line) => {
        const event = line.events.at(-1)
        return (
          <li key={`${line.signal ?? ''} ${line.words}`} className="flex flex-col gap-1" data-finding={event}>
            <Untrusted text={line.words} />
            {line.quote !== undefined && (
              <q className="line-clamp-3 border-l-2 border-line pl-2 text-soft">
                <Untrusted text={line.quote.text} />
              </q>
            )}
            <span className="flex flex-wrap items-start gap-x-2 gap-y-1">
              <Claim
                basis={line.basis}
                words={line.words}
                incident={incident}
                events={line.events}
                entries={line.entries}
              />
              <TierBadge tier={line.tier} />
              {event !== undefined && (
                <EventLink event={event} conversation={conversationOf(incident, event)} label="open the event" />
              )}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
