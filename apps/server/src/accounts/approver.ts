import type { Approver } from '@holdfast/respond'
import type { Caller } from '../http/auth.ts'
import type { Rosters } from '../roster/rosters.ts'

/** An agent by what the roster may know it under. */
export type NamedAgent = { readonly id: string; readonly name: string }

/**
 * The caller as one who says yes to a plan. Service owner is who the roster names as the owner of each of the agents that it
 * touches: the owner of one does not speak for another, and a viewer for none.
 */
export function approverOf(
  { name, role, approves }: Caller,
  agents: readonly NamedAgent[],
  rosters: Pick<Rosters, 'ownerOf'>,
): Approver {
  const isOwner =
    role !== 'viewer' && agents.length > 0 && agents.every((agent) => rosters.ownerOf([agent.id, agent.name]) === name)
  return { name, roles: isOwner ? [...approves, 'service-owner'] : approves }
}
