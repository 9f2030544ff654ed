import { historyHeader, quietDays } from '../incidents/quiet-days.ts'
import { quietExecution } from '../incidents/quiet-execution.ts'
import type { Past } from '../incidents/scenario.ts'
import type { Workload } from '../incidents/stage.ts'
import type { EnvelopeAgent } from './agents.ts'

const QUIET_DAYS = 16

/** Two weeks and more of an agent's own work, simulated: its tool, and the host that it delivers to. */
export function* envelopeHistory(past: Past, agent: EnvelopeAgent): Generator<string> {
  yield historyHeader(`envelopes ${agent.name}`)
  yield* quietDays(past, {
    workload: workloadOf(agent),
    pods: [agent.name],
    days: QUIET_DAYS,
    behaviour: (at, random) => {
      const { spans, call } = quietExecution('gpt-5-mini', random)
      call(agent.tool, {}, agent.host)
      call(`deliver_${agent.name}`, {}, agent.host)
      return { at, spans }
    },
  })
}

export function workloadOf({ name }: EnvelopeAgent): Workload {
  return { namespace: 'reports', deployment: name }
}
