import { incidentNames } from '@holdfast/model'
import { askView } from '../diagnostic/ask-view.ts'
import type { ViewsClient } from '../views/client.ts'

/**
 * Every name by which records may speak of the incident that a list is asked for; undefined where it is asked for none. What is
 * no incident, or none any more, has its own name alone: what was recorded of it stays to be found.
 */
export async function namesAsked(
  views: Pick<ViewsClient, 'ask'>,
  incident: string | undefined,
): Promise<ReadonlySet<string> | undefined> {
  if (incident === undefined) return undefined
  const known = await askView(views, 'getIncident', { incident })
  return new Set(known === undefined ? [incident] : [incident, ...incidentNames(known)])
}
