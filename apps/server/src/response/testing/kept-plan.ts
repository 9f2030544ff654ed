import type { UnixNano } from '@holdfast/model'
import { planHash, type PlanStep, type ResponsePlan } from '@holdfast/respond'
import { type KeptPlan, withEvent } from '../plan-state.ts'

/** A hold of one agent's workload. */
export function planStep(change: Partial<PlanStep> = {}): PlanStep {
  return {
    id: 'rung',
    incident: 'inc-0123456789abcdef',
    provider: 'desk',
    agent: 'host:story/desk-1',
    target: { kind: 'workload', name: 'host:story/desk-1', state: '1' },
    deed: { kind: 'rung', rung: 'soft-quarantine' },
    isReversible: true,
    ttlMs: 3_600_000,
    ...change,
  }
}

/** A plan that began to be carried out, and of which nothing is known yet; its records begin at this position. */
export function keptPlan(change: Partial<ResponsePlan>, entry: number): KeptPlan {
  const at = 1n as UnixNano // some time
  const plan: ResponsePlan = {
    incident: 'inc-0123456789abcdef',
    type: 'reasoning-compromise',
    judgedAt: 40,
    row: 13,
    steps: [planStep()],
    approval: { kind: 'people', roles: ['on-call'] },
    people: 1,
    duties: [],
    tier: 'provider',
    requestedBy: 'anna',
    plannedAt: at,
    validMs: 600_000,
    ...change,
  }
  const hash = planHash(plan)
  const basis = {
    seal: { size: 1, rootHash: '' },
    completeness: 1,
    graphAt: at,
    why: [],
    told: {},
    names: [],
    agents: [],
  }
  const made = withEvent(undefined, hash, {
    deed: { do: 'made', plan, left: [], previews: [], basis },
    by: 'anna',
    at,
    entry,
  })
  const applied = withEvent(made, hash, { deed: { do: 'applying' }, by: 'anna', at, entry })
  if (applied === undefined) throw new Error('the plan is not known')
  return applied
}
