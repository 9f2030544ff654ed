import type { Answer, IncidentRowWire, IncidentWire } from '@holdfast/api'
import type { Cases } from '../case/cases.ts'
import type { Containments } from '../containment/containments.ts'
import type { PlanBook } from '../response/plan-book.ts'
import { planWire } from '../response/wire.ts'
import { rungOf } from './rung-of.ts'

/** Who knows what people did about incidents, and what holds their agents. */
export type WhoActed = {
  readonly cases: Pick<Cases, 'endOf' | 'phaseOf'>
  readonly containments: Pick<Containments, 'list'>
  readonly book: Pick<PlanBook, 'list'>
}

/** An incident as it was concluded from the log, with how its case stands and what holds it now: the same wherever it is read. */
export function asItStands(incident: IncidentWire, sources: WhoActed): IncidentWire {
  const end = sources.cases.endOf(incident)
  return {
    ...incident,
    phase: sources.cases.phaseOf(incident),
    rung: rungNow(incident, sources),
    ...(end === undefined ? {} : { end }),
  }
}

/** On which rung an incident stands now, by whatever holds an agent of it. */
export function rungNow(
  incident: Pick<IncidentRowWire, 'id' | 'alsoKnownAs' | 'agents'>,
  { containments, book }: Pick<WhoActed, 'containments' | 'book'>,
): Answer<'getIncident'>['rung'] {
  return rungOf({
    containments: incident.agents.flatMap((agent) => containments.list(agent)),
    plans: book.list(incident).map(planWire),
  })
}
