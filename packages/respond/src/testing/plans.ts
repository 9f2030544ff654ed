import type { UnixNano } from '@holdfast/model'

import type { PlanApproval } from '../plan/approve.ts'
import type { ApplyQuestion } from '../plan/apply.ts'
import type { PlanStep, ResponsePlan } from '../plan/plan.ts'
import { planHash } from '../plan/plan.ts'

export const SECOND = 1_000_000_000n

export function at(seconds: number): UnixNano {
  return (BigInt(seconds) * SECOND) as UnixNano
}

export function planStep(change: Partial<PlanStep> = {}): PlanStep {
  return {
    id: 'hold',
    incident: 'inc-0123456789abcdef',
    provider: 'sensor',
    agent: 'payments/refund-agent',
    target: { kind: 'workload', name: 'payments/refund-agent', state: 'cgroups-1' },
    deed: { kind: 'rung', rung: 'soft-quarantine' },
    isReversible: true,
    ttlMs: 3_600_000,
    ...change,
  }
}

export const FREEZE: PlanStep = planStep({
  id: 'freeze',
  provider: 'cloud',
  target: { kind: 'identity', name: 'refund-writer', state: 'key-7' },
  deed: { kind: 'cut', cut: 'freeze-credential', surface: 'S3', verb: 'revoke' },
})

export function responsePlan(change: Partial<ResponsePlan> = {}): ResponsePlan {
  return {
    incident: 'inc-0123456789abcdef',
    type: 'privilege-boundary-escape',
    judgedAt: 40,
    row: 7,
    steps: [planStep(), FREEZE],
    approval: { kind: 'people', roles: ['on-call'] },
    people: 1,
    duties: [],
    tier: 'provider',
    requestedBy: 'anna',
    plannedAt: at(1_000),
    validMs: 600_000,
    ...change,
  }
}

export function approvalOfPlan(plan: ResponsePlan, change: Partial<PlanApproval> = {}): PlanApproval {
  return { by: 'ben', role: 'on-call', hash: planHash(plan), at: at(1_010), ...change }
}

/** A question to which the answer is yes; a case changes what is wrong. */
export function applyQuestion(plan: ResponsePlan, change: Partial<ApplyQuestion> = {}): ApplyQuestion {
  return {
    plan,
    hash: planHash(plan),
    approvals: plan.approval.kind === 'automatic' ? [] : [approvalOfPlan(plan)],
    now: at(1_020),
    targetsNow: new Map(plan.steps.map(({ id, target }) => [id, target.state])),
    judgedAt: plan.judgedAt,
    contained: [],
    evidence: { completeness: 1, isSealed: true },
    isTakeoverMissing: false,
    ...change,
  }
}
