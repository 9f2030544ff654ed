import { ours } from '../../called-as.ts'
import { CliError } from '../../cli-error.ts'
import { inert } from '../../render/inert.ts'
import type { Api } from '../../server/api.ts'

/** Throws where this agent was killed and not released: it does not start again, watched by a sensor or not. */
export async function refuseEnded(api: Api, name: string): Promise<void> {
  const { items } = await api.call('listContainments', { query: { target: name } })
  // One whose end was asked for and failed, or whose outcome nobody heard of, bars the agent too.
  const ended = items.find(({ plan, state }) => {
    return plan.agentName === name && plan.rung === 'kill' && state !== 'released' && state !== 'refused'
  })
  if (ended === undefined) return
  throw new CliError('conflict', `${inert(name)} was killed (${inert(ended.plan.reason)}) and is not released`, {
    remedy: ours`holdfast contain release ${ended.containment} --reason TEXT --yes`,
  })
}
