import type { UnixNano } from '@holdfast/model'
import { type Approver, mayApply, type Responder, type Role, type Verdict } from '@holdfast/respond'
import type { Containments } from '../containment/containments.ts'
import type { PlanBook } from './plan-book.ts'
import type { KeptPlan } from './plan-state.ts'
import { agentsOf, type ResponsePolicies } from './policy.ts'
import { previewed } from './preview-steps.ts'
import { Situations } from './situation.ts'

export type PlanObstaclesSources = {
  readonly book: Pick<PlanBook, 'list'>
  readonly responders: readonly Responder[]
  readonly situations: Pick<Situations, 'of'>
  readonly policies: Pick<ResponsePolicies, 'current'>
  readonly containments: Pick<Containments, 'heldSince'>
  /** A person as who approves a plan of these agents now; undefined where the account is over. */
  readonly approverNow: (name: string, agents: KeptPlan['made']['basis']['agents']) => Approver | undefined
  readonly clock: () => UnixNano
}

const MINUTE = 60_000_000_000n

/** Why a plan may not be let go now, each in words; nothing where it may. Asks every provider for its targets once more. */
export async function obstaclesTo(
  kept: KeptPlan,
  by: string | undefined,
  sources: PlanObstaclesSources,
): Promise<readonly string[]> {
  const { situations, clock, approverNow, responders } = sources
  const { hash, made, signatures } = kept
  const { plan, basis } = made
  const rolesNow = (name: string): readonly Role[] => approverNow(name, basis.agents)?.roles ?? []
  const approvals = kept.approvals.filter(({ by: name, role }) => rolesNow(name).includes(role))
  const asked = plan.approval.kind === 'people' ? plan.approval.roles : []
  const isSigner = (name: string): boolean => asked.some((role) => rolesNow(name).includes(role))
  if (kept.appliedAt !== undefined) return ['it was applied already: plan again']
  const { incident, inputs, isSealed, evidence } = await situations.of(plan.incident, basis.told)
  const { previews } = await previewed(responders, plan.steps)
  const targetsNow = new Map(previews.map(({ step, state }) => [step, state]))
  const now = clock()
  const reason = signatures[0]?.reason
  const verdict = mayApply({
    plan,
    hash,
    approvals,
    now,
    targetsNow,
    judgedAt: Situations.judgedAt(incident),
    contained: containedBefore(now, sources),
    evidence: { completeness: evidence.completeness, isSealed },
    ...(reason === undefined
      ? {}
      : {
          override: { hash, reason, signers: signatures.map(({ name }) => ({ name, isVerified: isSigner(name) })) },
        }),
    isTakeoverMissing: inputs.lifeSafety.kind === 'yes' && inputs.lifeSafety.takeover !== 'working',
    capLiftedBy: approvals.map(({ by: name }) => name),
  })
  const lost = kept.approvals.filter((approval) => !approvals.includes(approval))
  return [
    ...reasonsOf(verdict),
    ...(verdict.status === 'allowed'
      ? []
      : lost.map(({ by: name, role }) => `${name} may no longer approve as ${role}: that yes does not count`)),
    ...againstItself(kept, by, { now, sources }),
  ]
}

/** What stands against a plan that nobody approves. */
function againstItself(
  { made: { plan } }: KeptPlan,
  by: string | undefined,
  { now, sources }: { readonly now: UnixNano; readonly sources: PlanObstaclesSources },
): readonly string[] {
  if (plan.approval.kind === 'people') return []
  const { policy } = sources.policies.current()
  const held = sources.book
    .list()
    .filter((one) => one.made.plan.approval.kind === 'automatic' && (one.appliedAt ?? 0n) > now - MINUTE)
  const before = new Set(held.flatMap((one) => agentsOf(one.made.plan.steps)))
  const added = agentsOf(plan.steps).filter((agent) => !before.has(agent))
  return [
    ...(by === undefined ? [] : ['it goes by the policy or not at all: a person makes a plan of their own']),
    ...(policy.automatic === 'off' ? ['the policy lets nothing go without a person'] : []),
    ...(before.size + added.length > policy.agentsAMinute && added.length > 0
      ? [`the policy lets ${policy.agentsAMinute} agents a minute be held without a person, and ${before.size} were`]
      : []),
  ]
}

/** Agents that were held in the last minute, whoever held them. */
function containedBefore(
  now: UnixNano,
  { book, containments }: PlanObstaclesSources,
): readonly { readonly agent: string; readonly at: UnixNano }[] {
  const since = (now - MINUTE) as UnixNano // some time ago, and positive
  const planned = book.list().flatMap(({ appliedAt, made }) => {
    if (appliedAt === undefined || appliedAt <= since) return []
    return agentsOf(made.plan.steps).map((agent) => ({ agent, at: appliedAt }))
  })
  return [...planned, ...containments.heldSince(since)]
}

export function reasonsOf(verdict: Verdict): readonly string[] {
  return verdict.status === 'allowed' ? [] : verdict.reasons
}
