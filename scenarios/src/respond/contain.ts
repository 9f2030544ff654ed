import { type Answer, applyAsks } from '@holdfast/api'
import { setTimeout as wait } from 'node:timers/promises'
import type { Crew, Member } from './crew.ts'
import { LOOK_MS, SETTLED_WITHIN_MS } from './limits.ts'

type Plan = Answer<'getResponsePlan'>

/** The plan that is confirmed; made, approved and applied by people where none went by itself. Throws where it is not confirmed. */
export async function contain(incident: string, crew: Crew, told: Readonly<Record<string, string>>): Promise<Plan> {
  const { items } = await crew.onCall.api.call('listResponsePlans', { params: { incident } })
  const standing = items.find(({ state }) => state === 'confirmed')
  if (standing !== undefined) return standing
  const made = await crew.analyst.api.call('makeResponsePlan', { params: { incident }, body: { told } })
  const plan = { plan: made.hash }
  for (const role of made.approval.roles)
    if (!made.approval.given.some((given) => given.role === role))
      await whoIs(crew, role).api.call('approveResponsePlan', { params: plan, body: { role } })
  const { name } = applyAsks(made)
  await crew.onCall.api.call('applyResponsePlan', {
    params: plan,
    body: { reason: 'the incident of the scenario is contained', ...(name === undefined ? {} : { name }) },
  })
  return await settled(crew.onCall, made.hash)
}

/** The plan once each of its steps has come to an end; throws where that is no confirmation, with what every step came to. */
async function settled(by: Member, hash: string): Promise<Plan> {
  const until = Date.now() + SETTLED_WITHIN_MS
  for (;;) {
    const plan = await by.api.call('getResponsePlan', { params: { plan: hash } })
    if (plan.state === 'confirmed') return plan
    if (plan.state !== 'under-way' || Date.now() > until) {
      const steps = plan.steps.map(({ id, state, detail }) => `${id} ${state}: ${detail}`)
      throw new Error(`the plan is ${plan.state}: ${steps.join('; ')}`)
    }
    await wait(LOOK_MS)
  }
}

/** Whose word counts in a role. */
function whoIs(crew: Crew, role: Plan['approval']['roles'][number]): Member {
  switch (role) {
    case 'analyst':
      return crew.analyst
    case 'on-call':
      return crew.onCall
    case 'ai-engineering':
      return crew.aiEngineer
    case 'compliance':
      return crew.compliance
    case 'service-owner':
      return crew.owner
  }
}
