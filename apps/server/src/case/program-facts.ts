import type { IncidentWire } from '@holdfast/api'
import type { CaseDeed, FactName, FactValue } from '@holdfast/respond'

type StatedFact = Extract<CaseDeed, { readonly kind: 'fact' }>

/** Positions that prove one fact, at most. */
const MOST_PROOFS = 16

/**
 * What the program can say of an incident by itself, each with the log entries that show it. A fact that it cannot look at
 * is not among them: it then holds no condition.
 */
export function programFacts(incident: IncidentWire): readonly StatedFact[] {
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
  return facts.map(([fact, value, entries]) => ({
    kind: 'fact',
    fact,
    value,
    proof: {
      entries: [...new Set(entries.length > 0 ? entries : all)].toSorted((a, b) => a - b).slice(0, MOST_PROOFS),
    },
  }))
}
