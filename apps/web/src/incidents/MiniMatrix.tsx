import type { CaseWire, IncidentWire } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { queries } from '../data/queries.ts'
import { CELL_SIGNS, TYPE_NAMES } from './words.ts'

const LOOKS: Readonly<Record<CaseWire['matrix'][number]['status'], string>> = {
  'not-open': 'border border-line',
  open: 'bg-warn-ground text-warn',
  closed: 'bg-good-ground text-good',
  reopened: 'bg-bad-ground text-bad',
  superseded: 'border border-line text-faint',
}

const TRACKS = 'grid grid-cols-[minmax(0,1fr)_repeat(6,1.125rem)] items-center gap-1'

/** All eighteen cells at a glance; it leads to the matrix. */
export function MiniMatrix({ incident }: { readonly incident: IncidentWire }) {
  const { data } = useQuery(queries.caseOf(incident.id))
  if (data === undefined) return null
  const lit = data.type ?? incident.type
  const rows = [...Map.groupBy(data.matrix, ({ type }) => type)]
  const seen = [...new Set(data.matrix.map(({ status }) => status))].filter((status) => status !== 'not-open')
  const open = data.phases.find(({ status }) => status !== 'closed')
  return (
    <a href="#runbook" className="panel flex flex-col gap-1 p-2 text-xs hover:border-accent">
      <span className={TRACKS}>
        <span className="eyebrow">Runbook</span>
        {rows[0]?.[1].map(({ phase }, i) => (
          <span key={phase} className="text-center text-faint" title={phase}>
            P{i + 1}
          </span>
        ))}
      </span>
      {rows.map(([type, cells]) => (
        <span key={type} className={`${TRACKS} ${type === lit ? 'font-semibold' : 'text-soft'}`}>
          <span className="truncate">{TYPE_NAMES[type]}</span>
          {cells.map(({ phase, status }) => {
            const { sign, text } = CELL_SIGNS[status]
            return (
              <span key={phase} className={`h-4 rounded-sm text-center ${LOOKS[status]}`} title={`${phase}: ${text}`}>
                {status === 'not-open' ? '' : sign}
              </span>
            )
          })}
        </span>
      ))}
      <span className="text-soft">
        {data.type === undefined
          ? 'No phase opens before the type is named.'
          : open === undefined
            ? 'Every phase is closed.'
            : `Now in ${open.phase}.`}
      </span>
      {/* A finger has no tooltip: what the heads and the signs stand for is read here. */}
      <span className="text-faint">
        {rows[0]?.[1].map(({ phase }, i) => `P${i + 1} ${phase}`).join(', ')}
        {seen.map((status) => `; ${CELL_SIGNS[status].sign} ${CELL_SIGNS[status].text}`).join('')}.
      </span>
    </a>
  )
}
