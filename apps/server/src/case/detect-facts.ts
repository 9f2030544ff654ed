import type { IncidentWire } from '@holdfast/api'
import type { FactName, FactValue } from '@holdfast/respond'
import { type FactSource, programFact } from './fact-source.ts'

/** What the incident itself shows: the facts of the phase Detect. */
export const detectFacts: FactSource = ({ incident }) => {
  const lines = incident.columns.map(({ type, for: found }) => ({ type, found }))
  const entriesOf = (type: IncidentWire['type']): readonly number[] =>
    lines.find((column) => column.type === type)?.found.flatMap(({ entries }) => entries) ?? []
  const all = lines.flatMap(({ found }) => found.flatMap(({ entries }) => entries))
  const origins = incident.chain.links.filter(
    ({ stage, state }) => (stage === 'origin' || stage === 'entry') && state !== 'not-seen',
  )
  const facts: readonly (readonly [FactName, FactValue, readonly number[]])[] = [
    ['kernel-indicator', entriesOf('runtime-execution-escape').length > 0, entriesOf('runtime-execution-escape')],
    ['scope-delta', entriesOf('privilege-boundary-escape').length > 0, entriesOf('privilege-boundary-escape')],
    ['context-anomaly', entriesOf('reasoning-compromise').length > 0, entriesOf('reasoning-compromise')],
    ['graph-built', incident.graph.nodes.length > 0, all],
    ['triage-tier', incident.triage, all],
    ['patient-zero-candidates', origins.length, origins.flatMap(({ entries }) => entries)],
  ]
  return facts.map(([fact, value, entries]) => programFact(fact, value, entries.length > 0 ? entries : all))
}
