import { incidentNames } from '@holdfast/model'
import type { HoldfastAddress } from '../incidents/holdfast.ts'
import { ownIncidents } from '../incidents/judged.ts'
import type { Cast } from '../incidents/scenario.ts'
import { clientOf } from './crew.ts'

const REASON = 'the run that this was for is over'

/**
 * Takes back what a worked incident leaves on a server that is not the run's own and that others would feel: accounts of its crew,
 * entries of its agents in the roster, and rules that it taught. Found by the run's names, so that a run that was stopped half-way
 * leaves nothing either. Safe to call twice; rejects where the server does not let it.
 */
export async function leaveAsFound(holdfast: HoldfastAddress, cast: Cast): Promise<void> {
  const admin = clientOf(holdfast)
  const { items: accounts } = await admin.call('listAccounts')
  for (const { name, state } of accounts)
    if (name.endsWith(`-${cast.run}`) && state === 'active')
      await admin.call('decideAccount', {
        params: { account: name },
        body: { decision: { do: 'revoke' }, reason: REASON },
      })
  const { agents } = await admin.call('getRoster')
  for (const { agent, state } of agents)
    if (agent.startsWith(`k8s:${cast.cluster}/`) && state === 'active')
      await admin.call('decideRoster', { body: { decision: { do: 'retire', agent }, reason: REASON } })
  const { incidents } = await ownIncidents(holdfast, cast)
  const names = new Set(incidents.flatMap(incidentNames))
  const { items: learned } = await admin.call('listLearnings')
  for (const { id, incident, state } of learned)
    if (id !== undefined && state === 'applied' && names.has(incident))
      await admin.call('decideLearning', { params: { learning: id }, body: { do: 'withdrawn', reason: REASON } })
}
