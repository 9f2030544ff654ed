import type { Handlers } from '../http/handlers.ts'
import { wallClock } from '../clock.ts'
import type { ViewsClient } from '../views/client.ts'

/** Questions on authority, answered by the projection worker. */
export function scopeHandlers(views: ViewsClient): Pick<Handlers, 'getScope'> {
  return {
    getScope: ({ params, query }) => views.ask('getScope', { ...params, query, now: wallClock().toString() }),
  }
}
