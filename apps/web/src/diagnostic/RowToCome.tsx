import type { DiagnosticWire } from '@holdfast/api'
import { Link } from '@tanstack/react-router'
import { paths } from '../paths.ts'
import { inertLine } from '../text/inert.ts'

const SAYS = {
  met: { word: 'there', ground: 'bg-good-ground text-good' },
  unmet: { word: 'missing', ground: 'bg-bad-ground text-bad' },
  constrained: { word: 'constrained', ground: 'bg-info-ground text-info' },
} as const

/** Where nothing was violated there is no row: what one would hold, as the newest records of the agent have it. */
export function RowToCome({ diagnostic: { agent, capabilities } }: { readonly diagnostic: DiagnosticWire }) {
  const layers = capabilities.find(({ id }) => id === ROWS_CAPABILITY)?.checks ?? []
  return (
    <div className="flex flex-col gap-1">
      <p className="text-faint">a row of its acts would have</p>
      {layers.map(({ what, outcome, reason }) => (
        <span
          key={what}
          title={inertLine(reason, 300)}
          className={`flex items-center justify-between gap-2 rounded px-2 py-0.5 ${SAYS[outcome].ground}`}
        >
          <span>{what}</span>
          <span>{SAYS[outcome].word}</span>
        </span>
      ))}
      <Link to={paths.agentPolicies} params={{ agent }} className="link self-start">
        What its policies would hold
      </Link>
    </div>
  )
}

/** The cross-layer audit trail. */
const ROWS_CAPABILITY = 'C9'
