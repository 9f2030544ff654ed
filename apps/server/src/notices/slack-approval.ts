import { applyAsks } from '@holdfast/api'
import type { UnixNano } from '@holdfast/model'
import { approvalsMissing, type Notice } from '@holdfast/respond'
import { approverOf } from '../accounts/approver.ts'
import { type Caller, mayCall } from '../http/auth.ts'
import type { Plans } from '../response/plans.ts'
import { planWire } from '../response/wire.ts'
import type { Rosters } from '../roster/rosters.ts'
import { incidentPath } from './incident-notice.ts'
import type { Notices } from './notices.ts'

type SlackApprovalSources = {
  readonly plans: Pick<Plans, 'found' | 'approve' | 'apply'>
  readonly rosters: Pick<Rosters, 'ownerOf'>
  readonly notices: Notices
  readonly clock: () => UnixNano
}

/**
 * A yes from a card, as the account that the person is mapped to: to the plan of that hash, in the role that is still asked for
 * and that they have. Where nothing is missing then, and they may, it is carried out. Throws HttpError where it is refused; the
 * refusal is on record with the plan.
 */
export async function approveBySlack(
  { plans, rosters, notices, clock }: SlackApprovalSources,
  hash: string,
  by: Caller,
): Promise<string> {
  const { made, approvals } = plans.found(hash)
  const { plan, basis } = made
  const approver = approverOf(by, basis.agents, rosters)
  const asked = plan.approval.kind === 'people' ? plan.approval.roles : []
  const open = asked.filter((role) => !approvals.some((approval) => approval.role === role))
  // Who has none of the roles is refused for the one that is asked, and that is on record.
  const role = open.find((one) => approver.roles.includes(one)) ?? open[0] ?? asked[0] ?? 'on-call'
  const approved = await plans.approve(hash, approver, role)
  const missing = approvalsMissing(plan, approved.approvals)
  // A press is no name that was typed: what ends a workload is applied where it is asked for.
  const isEnding = applyAsks(planWire(approved)).name !== undefined
  const isApplied = missing.length === 0 && !isEnding && mayCall(by, 'responder')
  const whoApplies = isEnding ? 'it ends a workload: a responder applies it on the page' : 'a responder carries it out'
  const words = missing.length > 0 ? missing.join('; ') : isApplied ? 'it is carried out now' : whoApplies
  const notice: Notice = {
    id: `${hash}/approved/${by.name}`,
    kind: 'approval-answered',
    incident: plan.incident,
    type: plan.type,
    severity: 'high',
    title: `${by.name} said yes as ${role}`,
    lines: [`Plan ${hash}`, words],
    for: asked,
    plan: hash,
    path: incidentPath(plan.incident),
    at: clock(),
  }
  await notices.tell(notice)
  if (isApplied) await plans.apply(hash, by.name, { reason: `${by.name} said yes as ${role} in Slack` })
  return `approved as ${role}; ${words}`
}
