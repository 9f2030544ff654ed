import type { Handlers } from '../http/handlers.ts'
import type { Duties } from './duties.ts'

type DutyRoute = 'listDuties' | 'decideDuty' | 'getDutyClocks' | 'stateDuty'

/** Duties to notify. */
export function dutyHandlers(duties: Duties): Pick<Handlers, DutyRoute> {
  return {
    listDuties: async () => duties.list(),
    decideDuty: ({ body, caller }) => duties.decide(body, caller.name),
    getDutyClocks: ({ params }) => duties.show(params.incident),
    stateDuty: ({ params, body, caller }) => duties.state(params.incident, body, caller.name),
  }
}
