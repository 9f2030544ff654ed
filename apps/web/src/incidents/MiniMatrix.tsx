import type { CaseWire, IncidentWire } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { queries } from '../data/queries.ts'
import { TYPE_NAMES } from './words.ts'

const SIGNS: Readonly<Record<CaseWire['matrix'][number]['status'], string>> = {
  'not-open': '·',
  open: '◐',
  closed: '✓',
  reopened: '◐',
  superseded: '–',
}

/** All eighteen cells at a glance; it leads to the matrix. */
export function MiniMatrix({ incident }: { readonly incident: IncidentWire }) {
  const { data } = useQuery(queries.caseOf(incident.id))
  if (data === undefined) return null
  const lit = data.type ?? incident.type
  return (
    <a href="#runbook" className="panel flex flex-col gap-0.5 p-2 text-xs hover:border-accent">
      <span className="sr-only">Runbook at a glance:</span>
      {[...Map.groupBy(data.matrix, ({ type }) => type)].map(([type, cells]) => (
        <span
          key={type}
          className={`grid grid-cols-[minmax(0,1fr)_repeat(6,1.1rem)] ${type === lit ? 'font-semibold' : 'text-soft'}`}
        >
          <span className="truncate">{TYPE_NAMES[type]}</span>
          {cells.map(({ phase, status }) => (
            <span key={phase} className="text-center" title={`${phase}: ${status}`}>
              {SIGNS[status]}
            </span>
          ))}
        </span>
      ))}
    </a>
  )
}
