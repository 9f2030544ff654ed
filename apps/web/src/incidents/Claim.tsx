import type { IncidentWire } from '@holdfast/api'
import { useState } from 'react'
import { Proof } from '../inventory/Proof.tsx'
import { Untrusted } from '../text/Untrusted.tsx'
import { plural } from '../ui/format.ts'
import { EventLink } from './EventLink.tsx'
import { askedBy, conversationOf, edgesOf } from './graph-of.ts'

/** Edges that are named beside one claim; the graph has all. */
const EDGES = 8

type ClaimProps = {
  readonly basis: 'proven' | 'inferred'
  readonly words: string
  readonly incident: IncidentWire
  readonly events?: readonly string[]
  readonly entries?: readonly number[]
}

/** How a claim is known; opened, the edges and log entries that it rests on, and the way to its trigger. */
export function Claim({ basis, words, incident, events = [], entries = [] }: ClaimProps) {
  const [isOpen, setOpen] = useState(false)
  const event = events.at(-1)
  return (
    <details
      className="inline-block max-w-full align-top"
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary
        className={`badge cursor-pointer list-none max-sm:my-[3px] ${basis === 'proven' ? 'badge-good' : ''}`}
        aria-label={`${basis}: what this rests on`}
        data-event={event}
      >
        {basis} <span aria-hidden="true">▾</span>
      </summary>
      {isOpen && <Grounds words={words} incident={incident} events={events} entries={entries} />}
    </details>
  )
}

/** Made once it is opened: a page has dozens of claims. */
function Grounds({ words, incident, events = [], entries = [] }: Omit<ClaimProps, 'basis'>) {
  const edges = edgesOf(incident, events)
  const event = events.at(-1)
  return (
    <div className="mt-1 flex flex-col gap-1 rounded-md border border-line bg-raised p-2 text-sm">
      <Untrusted text={words} />
      {edges.length === 0 && entries.length === 0 && (
        <p className="text-soft">It rests on what was concluded, and on no single edge or record.</p>
      )}
      {edges.length > 0 && (
        <ul aria-label="Edges">
          {edges.slice(0, EDGES).map((edge, at) => (
            <li key={at} className="flex flex-wrap items-baseline gap-x-1">
              <Untrusted text={edge.from} /> <span className="text-soft">{edge.kind}</span> <Untrusted text={edge.to} />
              <span className="badge">{edge.basis}</span>
            </li>
          ))}
          {edges.length > EDGES && <li className="text-faint">and {plural(edges.length - EDGES, 'edge')} more</li>}
        </ul>
      )}
      {entries.length > 0 && (
        <span className="flex flex-wrap gap-x-2">
          log <Proof entries={entries.slice(0, 8)} />
          {entries.length > 8 && <span className="text-faint">and {entries.length - 8} more</span>}
        </span>
      )}
      {event !== undefined && (
        <EventLink
          event={event}
          conversation={conversationOf(incident, event)}
          label="its trigger path in the graph"
          triggerPath={{ via: askedBy(incident)?.quote.event }}
        />
      )}
    </div>
  )
}
