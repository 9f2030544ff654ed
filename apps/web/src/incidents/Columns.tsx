import type { EvidenceLineWire, IncidentColumnWire } from '@holdfast/api'
import { Proof } from '../inventory/Proof.tsx'
import { Untrusted } from '../text/Untrusted.tsx'
import { TierBadge } from '../ui/Badges.tsx'
import { EventLink } from './EventLink.tsx'
import { TYPE_NAMES } from './words.ts'

type ColumnsProps = { readonly columns: readonly IncidentColumnWire[]; readonly conversation: string }

/** One column for each type: what speaks for it, against it, and what is missing and why. */
export function Columns({ columns, conversation }: ColumnsProps) {
  return (
    <section aria-label="Classification" className="grid gap-3 lg:grid-cols-3">
      {columns.map((column) => (
        <article
          key={column.type}
          aria-label={TYPE_NAMES[column.type]}
          className={`panel flex min-w-0 flex-col gap-3 p-3 ${column.role === 'primary' ? 'border-accent' : ''}`}
        >
          <h2 className="flex flex-wrap items-center gap-2 font-semibold">
            {TYPE_NAMES[column.type]}
            <span className="tabular font-normal text-soft">{column.confidence.toFixed(2)}</span>
            {column.role !== 'not-supported' && (
              <span className={`badge ${column.role === 'primary' ? 'badge-bad' : 'badge-warn'}`}>{column.role}</span>
            )}
          </h2>
          <Lines title="For" lines={column.for} conversation={conversation} />
          <Lines title="Against" lines={column.against} conversation={conversation} />
          <div>
            <h3 className="eyebrow">Missing</h3>
            {column.missing.length === 0 && <p className="text-faint">nothing</p>}
            <ul className="flex flex-col gap-2">
              {column.missing.map(({ words, reason, remedy }) => (
                <li key={words}>
                  {words}: <span className="text-soft">{reason}</span>
                  <p className="text-faint">{remedy}</p>
                </li>
              ))}
            </ul>
          </div>
        </article>
      ))}
    </section>
  )
}

type LinesProps = {
  readonly title: string
  readonly lines: readonly EvidenceLineWire[]
  readonly conversation: string
}

function Lines({ title, lines, conversation }: LinesProps) {
  return (
    <div>
      <h3 className="eyebrow">{title}</h3>
      {lines.length === 0 && <p className="text-faint">nothing</p>}
      <ul className="flex flex-col gap-3">
        {lines.map((line) => {
          const event = line.events.at(-1)
          return (
            <li key={`${line.signal ?? ''} ${line.words}`} className="flex flex-col gap-1">
              <Untrusted text={line.words} />
              {line.quote !== undefined && (
                <q className="border-l-2 border-line pl-2 text-soft">
                  <Untrusted text={line.quote.text} />
                </q>
              )}
              <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
                <span className={`badge ${line.basis === 'proven' ? 'badge-good' : ''}`}>{line.basis}</span>
                <TierBadge tier={line.tier} />
                {event !== undefined && <EventLink event={event} conversation={conversation} label="open the event" />}
                <Proof entries={line.entries} />
              </span>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
