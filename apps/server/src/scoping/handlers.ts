import type { HandlerSources, Handlers } from '../http/handlers.ts'

type ScopingRoute = 'getResponseScope'

/** Questions on what an incident reached, answered by the projection worker. */
export function scopingHandlers({ views }: Pick<HandlerSources, 'views'>): Pick<Handlers, ScopingRoute> {
  return {
    getResponseScope: ({ params }) => views.ask('getResponseScope', params),
  }
}
