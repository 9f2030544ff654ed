import type { ResponseScope } from '@holdfast/respond'
import type { ViewsClient } from '../views/client.ts'

/** What an incident reached, by what somebody could take away from it. Throws `ViewError` 404 where there is no such incident. */
export type ScopeOf = (incident: string) => Promise<ResponseScope>

/** Asks the projection worker. */
export function scopeOf(views: Pick<ViewsClient, 'ask'>): ScopeOf {
  return async (incident) => JSON.parse(await views.ask('getResponseScope', { incident })) as ResponseScope // the worker's answer to this question
}
