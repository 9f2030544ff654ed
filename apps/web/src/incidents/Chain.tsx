import type { IncidentWire } from '@holdfast/api'
import { Proof } from '../inventory/Proof.tsx'
import { Untrusted } from '../text/Untrusted.tsx'
import { plural } from '../ui/format.ts'
import { EventLink } from './EventLink.tsx'

const TEMPLATES: Readonly<Record<NonNullable<IncidentWire['chain']['template']>, string>> = {
  T1: 'injection to exfiltration',
  T2: 'tool or credential misuse',
  T3: 'memory poisoning',
  T4: 'agent escape',
  T5: 'change of a tool or skill',
  T6: 'contagion by hand-over',
}

/** Log positions beside one stage; copying the incident as JSON gives all. */
const ENTRIES = 6

/** The stages in order, and the steps of the graph that they rest on. */
export function Chain({ incident }: { readonly incident: IncidentWire }) {
  const { chain, graph } = incident
  const labels = new Map(graph.nodes.map((node) => [node.id, node.label]))
  return (
    <section aria-label="Chain" className="flex flex-col gap-2">
      <h2 className="font-semibold">
        Chain{' '}
        <span className="font-normal text-soft">
          {chain.template === undefined
            ? 'follows no known template'
            : `${chain.template}, ${TEMPLATES[chain.template]}`}
        </span>
      </h2>
      <ol className="flex flex-col gap-1">
        {chain.links.map((link, at) => (
          <li key={at} className="flex flex-wrap items-baseline gap-x-2">
            <span className="badge">{link.surface}</span>
            <span className="font-semibold">{link.stage}</span>
            {link.state !== 'seen' && <span className="badge badge-warn">{link.state}</span>}
            <Untrusted text={link.words} className="min-w-0 flex-1 basis-96" />
            <Proof entries={link.entries.slice(0, ENTRIES)} />
            {link.entries.length > ENTRIES && (
              <span className="text-faint">and {plural(link.entries.length - ENTRIES, 'entry', 'entries')} more</span>
            )}
          </li>
        ))}
      </ol>
      <details>
        <summary className="text-soft">
          {plural(graph.nodes.length, 'step')} and {plural(graph.edges.length, 'edge')} of the graph
          {graph.cut > 0 && `, ${graph.cut} more left out`}
        </summary>
        <ul className="mt-1 flex flex-col gap-0.5">
          {graph.edges.map(({ from, to, kind, basis }) => (
            <li key={`${from} ${to} ${kind}`} className="flex flex-wrap items-baseline gap-x-2">
              <Untrusted text={labels.get(from) ?? from} /> {kind} <Untrusted text={labels.get(to) ?? to} />
              <span className="badge">{basis}</span>
            </li>
          ))}
        </ul>
        <ul className="mt-2 flex flex-wrap gap-x-3">
          {graph.nodes
            .filter(({ isDeed }) => isDeed)
            .map(({ id, events, conversation, label }) => (
              <li key={id}>
                <EventLink event={events[0] ?? ''} conversation={conversation} label={`deed: ${label.slice(0, 60)}`} />
              </li>
            ))}
        </ul>
      </details>
    </section>
  )
}
