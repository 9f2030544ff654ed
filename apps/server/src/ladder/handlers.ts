import type { Answer, IncidentWire } from '@holdfast/api'
import { selectRung } from '@holdfast/respond'
import type { HandlerSources, Handlers } from '../http/handlers.ts'
import { ladderInputs } from './inputs.ts'
import { decisionWire } from './wire.ts'

/** What the ladder says. Nothing is recorded, because nothing is done. */
export function ladderHandlers({
  views,
  cases,
}: Pick<HandlerSources, 'views' | 'cases'>): Pick<Handlers, 'planIncident'> {
  return {
    planIncident: async ({ params, query }) => {
      // The worker's answers to these questions.
      const incident = JSON.parse(await views.ask('getIncident', params)) as IncidentWire
      const evidence = JSON.parse(await views.ask('getIncidentEvidence', params)) as Answer<'getIncidentEvidence'>
      const { seals } = await cases.show(params.incident)
      const { inputs, lines } = ladderInputs({ incident, evidence, isSealed: seals.length > 0, told: query })
      return decisionWire(incident, selectRung(inputs), lines)
    },
  }
}
