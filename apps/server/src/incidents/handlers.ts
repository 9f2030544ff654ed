import type { HandlerSources, Handlers } from '../http/handlers.ts'

/** Questions on incidents, answered by the projection worker. */
export function incidentHandlers({
  views,
}: Pick<HandlerSources, 'views'>): Pick<Handlers, 'listIncidents' | 'getIncident' | 'getIncidentEvidence'> {
  return {
    getIncidentEvidence: ({ params }) => views.ask('getIncidentEvidence', params),
    listIncidents: ({ query }) => views.ask('listIncidents', { query }),
    getIncident: ({ params }) => views.ask('getIncident', params),
  }
}
