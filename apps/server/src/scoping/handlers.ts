import type { HandlerSources, Handlers } from '../http/handlers.ts'

type ScopingRoute =
  | 'getResponseScope'
  | 'getIncidentScope'
  | 'freezeScope'
  | 'getIncidentAudit'
  | 'markAudit'
  | 'attachScan'
  | 'listQuarantine'
  | 'quarantineItem'

/** What an incident reached, what is gone through after it, and what contexts are kept from. */
export function scopingHandlers({
  views,
  scoping,
}: Pick<HandlerSources, 'views' | 'scoping'>): Pick<Handlers, ScopingRoute> {
  const { scopes, audits, quarantine } = scoping
  return {
    getResponseScope: ({ params }) => views.ask('getResponseScope', params),
    getIncidentScope: ({ params, query }) => scopes.show(params.incident, query),
    freezeScope: ({ params, body, caller }) => scopes.freeze(params.incident, body, caller.name),
    getIncidentAudit: ({ params }) => audits.show(params.incident),
    markAudit: ({ params, body, caller }) => audits.mark(params.incident, body, caller.name),
    attachScan: ({ params, query, body, caller }) =>
      audits.attach(params.incident, { image: query.image, document: body, by: caller.name }),
    listQuarantine: async () => quarantine.list(),
    quarantineItem: ({ body, caller }) => quarantine.decide(body, caller.name),
  }
}
