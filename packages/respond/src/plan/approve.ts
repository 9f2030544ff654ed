import type { UnixNano } from '@holdfast/model'

import type { Role } from '../ladder/rows.ts'
import type { ResponsePlan } from './plan.ts'
import { planHash } from './plan.ts'

/** A person's yes, to one hash. */
export type PlanApproval = { readonly by: string; readonly role: Role; readonly hash: string; readonly at: UnixNano }

/** Who asks to approve, and what the roster of people says that they may. */
export type Approver = { readonly name: string; readonly roles: readonly Role[] }

export type Verdict =
  | { readonly status: 'allowed' }
  | { readonly status: 'refused'; readonly reasons: readonly [string, ...string[]] }

export type ApprovalQuestion = {
  readonly plan: ResponsePlan
  readonly approvals: readonly PlanApproval[]
  readonly approver: Approver
  readonly role: Role
  /** The hash that the approver saw. */
  readonly hash: string
  readonly now: UnixNano
}

/** Whether this person may say yes to this plan now. */
export function mayApprove({ plan, approvals, approver, role, hash, now }: ApprovalQuestion): Verdict {
  const actual = planHash(plan)
  const given = approvals.filter((approval) => approval.hash === actual)
  return verdict([
    hash !== actual && 'the plan is another one by now: look at it again',
    isStale(plan, now) && staleWords(plan),
    !approver.roles.includes(role) && `${approver.name} does not have the right to approve as ${role}`,
    plan.approval.kind === 'people' && !plan.approval.roles.includes(role) && `this plan does not ask for ${role}`,
    given.some(({ by }) => by === approver.name) && `${approver.name} has approved it already`,
    plan.people >= 2 && approver.name === plan.requestedBy && 'who asked for it does not approve it: two people do',
  ])
}

/** What is still missing before the plan may be applied, in words; empty where it is approved. */
export function approvalsMissing(plan: ResponsePlan, approvals: readonly PlanApproval[]): readonly string[] {
  if (plan.approval.kind === 'automatic') return []
  const hash = planHash(plan)
  const counted = approvals.filter((each) => each.hash === hash && !(plan.people >= 2 && each.by === plan.requestedBy))
  const people = new Set(counted.map(({ by }) => by)).size
  const roles = plan.approval.roles.filter((role) => !counted.some((approval) => approval.role === role))
  return [
    ...roles.map((role) => `${role} has not approved it`),
    // Where one person is enough, who that may be says it already.
    ...(people < plan.people && (plan.people > 1 || roles.length === 0)
      ? [`${people} of the ${plan.people} people that it takes have approved it`]
      : []),
  ]
}

export function isStale({ plannedAt, validMs }: ResponsePlan, now: UnixNano): boolean {
  // A clock that was set back extends nothing: a plan from the future is as stale as an old one.
  return now < plannedAt || now - plannedAt > BigInt(validMs) * 1_000_000n
}

export function staleWords({ validMs }: ResponsePlan): string {
  return `the plan is older than ${Math.round(validMs / 1000)} s: plan again`
}

/** Allowed where nothing is against it. */
export function verdict(reasons: readonly (string | false)[]): Verdict {
  const [first, ...rest] = reasons.filter((reason) => reason !== false)
  return first === undefined ? { status: 'allowed' } : { status: 'refused', reasons: [first, ...rest] }
}
