import type { Handlers } from '../http/handlers.ts'
import { fleetAgents, fleetOf, type FleetSources } from './fleet.ts'

/** The routes of all agents together. */
export function fleetHandlers(sources: FleetSources): Pick<Handlers, 'getFleet' | 'listFleetAgents'> {
  return {
    getFleet: () => fleetOf(sources),
    listFleetAgents: ({ query }) => fleetAgents(sources, query),
  }
}
