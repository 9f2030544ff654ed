import type { IncidentType, UnixNano } from '@holdfast/model'
import {
  outcomeOf,
  type PlanApproval,
  type PlanOutcome,
  type PlanStep,
  type StepRecord,
  stepEndsAt,
} from '@holdfast/respond'
import { PLAN_RECORDS_KEPT } from './limits.ts'
import type { Made, PlanDeed } from './plan-record.ts'

/** One thing that became of a plan, with its place in the log. */
export type PlanEvent = {
  readonly deed: PlanDeed
  readonly by: string | undefined
  readonly at: UnixNano
  readonly entry: number
}

/** A plan and everything that became of it, by its records alone. */
export type KeptPlan = {
  readonly hash: string
  readonly made: Made
  readonly madeEntry: number
  readonly approvals: readonly PlanApproval[]
  readonly signatures: readonly { readonly name: string; readonly reason: string; readonly at: UnixNano }[]
  /** When everything had been looked at and its steps began; undefined while it only lies there. */
  readonly appliedAt: UnixNano | undefined
  /** Who applied it; undefined where the program did. */
  readonly appliedBy: string | undefined
  readonly steps: readonly (StepRecord & { readonly entry: number })[]
  readonly outcome: PlanOutcome
  /** The newest, for people. */
  readonly history: readonly PlanEvent[]
}

/** The plan after one more record; undefined where nothing was known of it and this is not its making. */
export function withEvent(before: KeptPlan | undefined, hash: string, event: PlanEvent): KeptPlan | undefined {
  const { deed, by, entry } = event
  if (deed.do === 'made') return before ?? begun(hash, deed, event)
  if (before === undefined) return undefined
  const at = notBefore(event.at, before)
  const history = [...before.history, { ...event, at }].slice(-PLAN_RECORDS_KEPT)
  const name = by ?? ''
  switch (deed.do) {
    case 'approved':
      return { ...before, history, approvals: [...before.approvals, { by: name, role: deed.role, hash, at }] }
    case 'signed':
      return { ...before, history, signatures: [...before.signatures, { name, reason: deed.reason, at }] }
    case 'applying':
      return { ...before, history, appliedAt: at, appliedBy: by }
    case 'step': {
      // The order of the records is that of the log; a clock that was set back changes nothing of it.
      const step = { ...deed.step, at, entry } as StepRecord & { readonly entry: number } // as it was before its time was left out
      const steps = [...withoutOverwritten(before.steps, step), step]
      return { ...before, history, steps, outcome: outcomeOf(before.made.plan, steps) }
    }
    case 'approval-refused':
    case 'apply-refused':
    case 'releasing':
      return { ...before, history }
  }
}

/**
 * True where this plan answers a judgement: people were asked, or something of it was begun. One that was made and then left, as
 * by a program that died, answers nothing.
 */
export function isAnswerTo({ made: { plan }, steps }: KeptPlan, judgedAt: number): boolean {
  return plan.judgedAt >= judgedAt && (plan.approval.kind === 'people' || steps.length > 0)
}

/**
 * True where a person took it back after everything that the incident rests on was recorded: another judgement of the same is no
 * reason to hold the agent against their word. Another type is, and so is whatever is recorded later.
 */
export function isTakenBack(
  { made: { plan }, history }: KeptPlan,
  { type, lastEntry }: { readonly type: IncidentType; readonly lastEntry: number },
): boolean {
  const release = history.findLast(({ deed, by }) => deed.do === 'releasing' && by !== undefined)
  return plan.type === type && release !== undefined && release.entry > lastEntry
}

/** True while something of it is in effect, or may be. */
export function isStanding({ appliedAt, outcome }: KeptPlan): boolean {
  return appliedAt !== undefined && outcome.steps.some(({ effect }) => effect !== 'none')
}

/** Steps of it that are in effect, or may be. */
export function standingSteps(kept: KeptPlan): readonly PlanStep[] {
  if (kept.appliedAt === undefined) return []
  return kept.made.plan.steps.filter((_, at) => (kept.outcome.steps[at]?.effect ?? 'none') !== 'none')
}

/** When the last of what ends by itself ends; undefined where nothing stands that does. */
export function endsAt(kept: KeptPlan): UnixNano | undefined {
  const ends = standingSteps(kept).flatMap((step) => {
    const answered = kept.steps.find((record) => record.kind === 'answered' && record.step === step.id)
    return (answered === undefined ? undefined : stepEndsAt(step, answered.at)) ?? []
  })
  return ends.reduce(
    (latest: UnixNano | undefined, one) => (latest === undefined || one > latest ? one : latest),
    undefined,
  )
}

/**
 * The records that still say something once this one is there. What stands is tried for as long as it stands, and a release
 * that fails is tried again: of a run of the same the last says all.
 */
function withoutOverwritten(steps: KeptPlan['steps'], next: StepRecord): KeptPlan['steps'] {
  const isOver = (record: StepRecord): boolean =>
    next.kind === 'probed'
      ? record.kind === 'probed' && (next.unable === undefined || record.unable !== undefined)
      : next.kind === 'reverted' && isRefusal(next) && record.kind === 'reverted' && isRefusal(record)
  const kept = [...steps]
  for (;;) {
    const at = kept.findLastIndex(({ step }) => step === next.step)
    const last = kept[at]
    if (last === undefined || !isOver(last)) return kept
    kept.splice(at, 1)
  }
}

function isRefusal({ outcome }: Extract<StepRecord, { readonly kind: 'reverted' }>): boolean {
  return outcome.status === 'failed'
}

function begun(hash: string, deed: Extract<PlanDeed, { readonly do: 'made' }>, event: PlanEvent): KeptPlan {
  return {
    hash,
    made: deed,
    madeEntry: event.entry,
    approvals: [],
    signatures: [],
    appliedAt: undefined,
    appliedBy: undefined,
    steps: [],
    outcome: outcomeOf(deed.plan, []),
    history: [event],
  }
}

function notBefore(at: UnixNano, { history }: KeptPlan): UnixNano {
  const last = history.at(-1)?.at ?? at
  return at < last ? last : at
}
