import type { DriftWire } from '@holdfast/api'
import type { HandlerSources, Handlers } from '../http/handlers.ts'
import { callerOf } from '../http/credentials.ts'
import { HttpError } from '../http/problem.ts'

type DriftRoute = 'getDrift' | 'listDrift' | 'decideDrift' | 'listDriftSignals' | 'followDriftSignals'
type Sources = Pick<HandlerSources, 'auth' | 'views' | 'recorder' | 'parseAgent' | 'driftSignals' | 'streams'>

/** Drift is judged in the projection worker; what a person says of it is on record before anything follows from it. */
export function driftHandlers(sources: Sources): Pick<Handlers, DriftRoute> {
  const { auth, views, recorder, parseAgent, driftSignals, streams } = sources
  const now = (): string => new Date().toISOString()
  return {
    getDrift: ({ params, query }) => views.ask('getDrift', { ...params, query, now: now() }),
    listDrift: ({ query }) => views.ask('listDrift', { query, now: now() }),
    decideDrift: async ({ params, body, caller }) => {
      const agent = parseAgent(params.agent)
      if (agent === undefined) throw new HttpError(404, `"${params.agent}" is not an agent id`)
      const report = JSON.parse(await views.ask('getDrift', { agent, query: { days: 90 }, now: now() })) as DriftWire // the worker's answer to this question
      const change = [...report.evolution, ...report.risky].find(({ id }) => id === params.change)
      if (change === undefined) throw new HttpError(404, `no change "${params.change}" of ${agent} in 90 days`)
      const { verdict, reason } = body
      if (verdict === 'withdrawn' && change.decision === undefined)
        throw new HttpError(409, 'nobody said anything of this change, so there is nothing to withdraw')
      const { from } = await recorder.appendControl({
        kind: 'drift-verdict',
        agent,
        change: change.id,
        verdict,
        reason,
        by: caller.name,
      })
      return { entry: from }
    },
    listDriftSignals: async ({ query }) => driftSignals.list(query),
    followDriftSignals: async ({ request, reply }) => {
      streams.openDrift(reply, driftSignals, () => callerOf(auth, request, false) !== undefined)
      return undefined
    },
  }
}
