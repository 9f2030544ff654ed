import type { IncidentWire } from '@holdfast/api'
import { Link } from '@tanstack/react-router'
import { paths } from '../paths.ts'
import { AgentId } from '../ui/AgentId.tsx'
import { plural } from '../ui/format.ts'

/** Agents that are named before the first scroll; all of them stand among the facts. */
const NAMED = 3

/** Who did it, below the sentence that says what: a sentence of a rule names no agent. */
export function Who({ agents }: Pick<IncidentWire, 'agents'>) {
  const rest = agents.length - NAMED
  return (
    <ul aria-label="Agents" className="flex min-w-0 flex-wrap items-baseline gap-x-3">
      {agents.slice(0, NAMED).map((agent) => (
        <li key={agent} className="min-w-0">
          <Link to={paths.agent} params={{ agent }} className="link mono inline-block max-w-full">
            <AgentId id={agent} />
          </Link>
        </li>
      ))}
      {rest > 0 && <li>and {plural(rest, 'agent')} more</li>}
    </ul>
  )
}
