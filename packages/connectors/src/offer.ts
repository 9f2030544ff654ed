import type { Decision, Offer, PlanStep, Responder, ResponseScope } from '@holdfast/respond'

import { ConnectorError } from './connector-error.ts'

/** An offer that lacks only the state of its target. */
export type Wanted = Pick<Offer, 'agent' | 'serves'> & { readonly target: Omit<Offer['target'], 'state'> }

/**
 * The offer, in the state that its target is in now. What is impossible now is offered without a state: who makes the plan asks again,
 * and tells the reason. Nothing where we may not see it; rejects where nobody answered.
 */
export async function offerOf(
  responder: Pick<Responder, 'name' | 'plan'>,
  { agent, serves, target }: Wanted,
  { scope, decision }: { readonly scope: ResponseScope; readonly decision: Decision },
): Promise<readonly Offer[]> {
  const deed = deedOf(serves, decision)
  if (deed === undefined) return []
  const step: PlanStep = {
    id: '',
    incident: scope.incident,
    provider: responder.name,
    agent,
    target: { ...target, state: '' },
    deed,
    isReversible: true,
    ttlMs: 0,
  }
  try {
    const preview = await responder.plan(step)
    const state = preview.status === 'possible' ? preview.state : ''
    return [{ provider: responder.name, agent, serves, target: { ...target, state } }]
  } catch (error) {
    if (error instanceof ConnectorError && error.code === 'refused') return []
    throw error
  }
}

function deedOf(serves: Offer['serves'], { rung, cuts }: Decision): PlanStep['deed'] | undefined {
  switch (serves.kind) {
    case 'rung':
      return { kind: 'rung', rung }
    case 'cut': {
      const cut = cuts.find(({ id }) => id === serves.cut)
      return cut === undefined ? undefined : { kind: 'cut', cut: cut.id, surface: cut.surface, verb: cut.verb }
    }
    case 'edge':
      return undefined
  }
}
