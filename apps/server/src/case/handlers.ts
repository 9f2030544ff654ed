import type { HandlerSources, Handlers } from '../http/handlers.ts'

/** How incidents are worked. What Analyze found is fixed when it is closed: the phases after it work on that scope. */
export function caseHandlers({
  cases,
  scoping,
}: Pick<HandlerSources, 'cases' | 'scoping'>): Pick<Handlers, 'getCase' | 'stepCase'> {
  return {
    getCase: ({ params }) => cases.show(params.incident),
    stepCase: async ({ params, body, caller }) => {
      const taken = await cases.take(params.incident, body, caller.name)
      if (body.do !== 'close-phase' || body.phase !== 'analyze') return taken
      await scoping.scopes.freeze(params.incident, { reason: 'phase Analyze was closed' }, caller.name)
      return await cases.show(params.incident)
    },
  }
}
