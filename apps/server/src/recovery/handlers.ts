import type { AgentId } from '@holdfast/model'
import type { HandlerSources, Handlers } from '../http/handlers.ts'
import { HttpError } from '../http/problem.ts'

type RecoveryRoute = 'getRecovery' | 'markContaminated' | 'restoreBaseline' | 'rebuildBaseline'

/** How agents come back after an incident. */
export function recoveryHandlers({
  recovery,
  parseAgent,
}: Pick<HandlerSources, 'recovery' | 'parseAgent'>): Pick<Handlers, RecoveryRoute> {
  const agentIn = (params: { readonly agent: string }): AgentId => {
    const agent = parseAgent(params.agent)
    if (agent === undefined) throw new HttpError(404, `"${params.agent}" is not an agent id`)
    return agent
  }
  return {
    getRecovery: ({ params }) => recovery.show(params.incident),
    markContaminated: ({ params, body, caller }) => recovery.mark(params.incident, body, caller.name),
    restoreBaseline: ({ params, body, caller }) => recovery.restore(agentIn(params), body, caller.name),
    rebuildBaseline: ({ params, body, caller }) => recovery.rebuild(agentIn(params), body, caller.name),
  }
}
