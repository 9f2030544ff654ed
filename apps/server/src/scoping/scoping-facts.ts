import { incidentNames } from '@holdfast/model'
import { type FactSource, programFact, type ProgramFact } from '../case/fact-source.ts'
import type { Audits } from './audits.ts'
import type { Scopes } from './scopes.ts'

/**
 * What scope and audits of an incident say to its case. Only looked at where a case is open: to draw a scope is to read all
 * conversations of the incident.
 */
export function scopingFacts(scopes: Scopes, audits: Audits): FactSource {
  return async ({ incident, state }) => {
    if (state === undefined) return []
    const scope = await scopes.show(incident.id)
    const began = scope.patientZero.map(({ entry }) => entry)
    const frozen = scopes.frozenOf(incidentNames(incident))
    const facts: readonly ProgramFact[] = [
      programFact('scope-frozen', frozen !== undefined, frozen === undefined ? [] : [frozen.entry]),
      ...(scope.basis === 'deed' || began.length === 0 ? [] : [programFact('patient-zero', 'fixed', began)]),
    ]
    return [...facts, ...(await audits.facts(incident, scope))]
  }
}
