import type { Handlers } from '../http/handlers.ts'
import type { Cases } from './cases.ts'

/** How incidents are worked. */
export function caseHandlers(cases: Cases): Pick<Handlers, 'getCase' | 'stepCase'> {
  return {
    getCase: ({ params }) => cases.show(params.incident),
    stepCase: ({ params, body, caller }) => cases.take(params.incident, body, caller.name),
  }
}
