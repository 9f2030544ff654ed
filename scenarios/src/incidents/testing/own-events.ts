import type { Event } from '@holdfast/model'
import type { Cast } from '../scenario.ts'

/** Events of one run: of its agents, and of its cloud account. */
export function ownEvents(events: readonly Event[], { cluster, account }: Cast): readonly Event[] {
  return events.filter(({ agent: { id } }) => id.startsWith(`k8s:${cluster}/`) || id.includes(account))
}
