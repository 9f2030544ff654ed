import type { UnixNano } from '@holdfast/model'

import { CONTAINED_A_MINUTE } from '../limits.ts'
import type { PlanApproval, Verdict } from './approve.ts'
import { approvalsMissing, isStale, staleWords, verdict } from './approve.ts'
import type { PlanStep, ResponsePlan } from './plan.ts'
import { planHash, planMistakes, PROGRAM } from './plan.ts'

/** Two people who sign that a kill may lose what is not complete, over the hash of one plan. */
export type KillOverride = {
  readonly hash: string
  readonly signers: readonly { readonly name: string; readonly isVerified: boolean }[]
  readonly reason: string
}

/** Everything that is looked at between the approval and the first effect. */
export type ApplyQuestion = {
  readonly plan: ResponsePlan
  /** The hash that is to be applied, as the caller has it. */
  readonly hash: string
  readonly approvals: readonly PlanApproval[]
  readonly now: UnixNano
  /** State of each target as its provider sees it now, by step; absent where it could not be read. */
  readonly targetsNow: ReadonlyMap<string, string>
  /** The incident's newest revision: judged again since the plan was made, it may be another incident. */
  readonly judgedAt: number
  /** When agents were contained before, whoever asked. */
  readonly contained: readonly { readonly agent: string; readonly at: UnixNano }[]
  readonly evidence: { readonly completeness: number; readonly isSealed: boolean }
  readonly override?: KillOverride
  /** True where lives depend on an agent of the plan and people have not taken over. */
  readonly isTakeoverMissing: boolean
  /** People who let more agents be contained in this minute, besides whoever asked for the plan. */
  readonly capLiftedBy?: readonly string[]
}

/** Whether the plan may be carried out now. Every reason against it is named, not the first alone. */
export function mayApply(question: ApplyQuestion): Verdict {
  const { plan, hash, approvals, now, judgedAt } = question
  return verdict([
    hash !== planHash(plan) && 'the plan is another one by now: plan again',
    ...planMistakes(plan),
    isStale(plan, now) && staleWords(plan),
    judgedAt > plan.judgedAt && 'the incident was judged again since: plan again',
    ...approvalsMissing(plan, approvals),
    // FC7
    plan.approval.kind === 'automatic' &&
      plan.tier === 'self-reported' &&
      'all evidence is what agents say of themselves: a person decides',
    ...changedTargets(question),
    ...endingObstacles(question),
    ...takeoverObstacles(question),
    capReached(question),
  ])
}

function changedTargets({ plan, targetsNow }: ApplyQuestion): readonly string[] {
  return plan.steps.flatMap(({ id, target }) => {
    const state = targetsNow.get(id)
    if (state === undefined) return [`step ${id}: ${target.kind} ${target.name} could not be looked at`]
    return state === target.state ? [] : [`step ${id}: ${target.kind} ${target.name} has changed since: plan again`]
  })
}

/** What ends a workload waits for the seal, and the kill for the whole chain or two signatures (FC8). */
function endingObstacles({ plan, hash, evidence, override }: ApplyQuestion): readonly string[] {
  const ending = plan.steps.filter((step) => isRung(step, 'stop', 'kill'))
  const kills = plan.steps.filter((step) => isRung(step, 'kill'))
  return [
    ...(ending.length > 0 && !evidence.isSealed ? ['what ends a workload waits for the seal'] : []),
    ...(kills.length > 0 && !(evidence.completeness >= 1)
      ? overrideObstacles(evidence.completeness, hash, override)
      : []),
  ]
}

function overrideObstacles(completeness: number, hash: string, override: KillOverride | undefined): readonly string[] {
  const percent = Math.floor(completeness * 100)
  if (override === undefined) {
    return [
      `the chain is complete to ${percent} %: kill waits for all of it, or for two people who sign that it need not`,
    ]
  }
  const signers = new Set(override.signers.filter(({ isVerified }) => isVerified).map(({ name }) => name))
  return [
    ...(override.hash === hash ? [] : ['the override is for another plan']),
    ...(signers.size >= 2 ? [] : [`the override has ${signers.size} verified signers of 2`]),
    ...(override.reason.trim() === '' ? ['the override gives no reason'] : []),
  ]
}

function takeoverObstacles({ plan, isTakeoverMissing }: ApplyQuestion): readonly string[] {
  const isHard = plan.steps.some((step) => isRung(step, 'pause', 'stop', 'kill'))
  return isTakeoverMissing && isHard ? ['lives depend on it, and people have not taken over'] : []
}

/** One person, or one forged trigger, may not stop a fleet at once. */
function capReached({ plan, contained, now, capLiftedBy }: ApplyQuestion): string | false {
  const since = now - 60_000_000_000n
  const recent = new Set(contained.filter(({ at }) => at > since).map(({ agent }) => agent))
  const added = new Set(plan.steps.filter(isHolding).map(({ agent }) => agent)).difference(recent)
  if (recent.size + added.size <= CONTAINED_A_MINUTE || added.size === 0) return false
  const people = new Set(capLiftedBy).difference(new Set([plan.requestedBy])).size
  // Whoever asked is one of two; where the program asked, both of them say yes.
  const isLifted = people >= (plan.requestedBy === PROGRAM ? 2 : 1)
  return (
    !isLifted &&
    `${recent.size} agents were contained in the last minute: more than ${CONTAINED_A_MINUTE} need a second person`
  )
}

function isHolding({ deed }: PlanStep): boolean {
  return deed.kind === 'cut' || deed.rung !== 'watch'
}

function isRung({ deed }: PlanStep, ...rungs: readonly string[]): boolean {
  return deed.kind === 'rung' && rungs.includes(deed.rung)
}
