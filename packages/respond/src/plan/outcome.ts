import { counted, type Rung, type UnixNano } from '@holdfast/model'

import { harderThan } from '../ladder/rungs.ts'
import type { PlanStep, ResponsePlan } from './plan.ts'
import type { EffectOutcome, EffectProbe } from './provider.ts'

/** What is on record of one step. The words differ on purpose: `applied` is a claim, `confirmed` is what a probe found. */
export type StepRecord =
  | { readonly kind: 'requested'; readonly step: string; readonly at: UnixNano }
  | { readonly kind: 'answered'; readonly step: string; readonly outcome: EffectOutcome; readonly at: UnixNano }
  /** `unable`: nothing could be tried, and why; what stands is then not known better than before. */
  | {
      readonly kind: 'probed'
      readonly step: string
      readonly probes: readonly EffectProbe[]
      readonly unable?: string
      readonly at: UnixNano
    }
  /** It is about to be taken back, and why. */
  | { readonly kind: 'reverting'; readonly step: string; readonly why: string; readonly at: UnixNano }
  | { readonly kind: 'reverted'; readonly step: string; readonly outcome: EffectOutcome; readonly at: UnixNano }

export type StepState = {
  readonly step: string
  readonly state: 'planned' | 'requested' | 'applied' | 'confirmed' | 'failed' | 'released'
  /** `claimed`: its provider says so. `unknown`: asked for, and no answer that can be relied on. */
  readonly effect: 'none' | 'unknown' | 'claimed' | 'probed' | 'leaks'
  readonly detail: string
}

export type PlanOutcome = {
  readonly state: 'planned' | 'under-way' | 'confirmed' | 'partial' | 'failed' | 'released'
  readonly steps: readonly StepState[]
  /** Failed steps that may have had half an effect and are to be taken back. */
  readonly compensate: readonly string[]
  /** The rung that a failed probe asks for. */
  readonly climbTo?: Rung
  readonly words: string
}

/** What came of a plan, by its records alone, in the order in which the log has them: clocks are set back. Nothing is done that was not answered, nor confirmed that was not probed. */
export function outcomeOf(plan: ResponsePlan, records: readonly StepRecord[]): PlanOutcome {
  const steps = plan.steps.map((step) =>
    stateOf(
      step,
      records.filter((record) => record.step === step.id),
    ),
  )
  const climb = plan.steps.flatMap(({ deed }, at) => {
    return steps[at]?.effect === 'leaks' && deed.kind === 'rung' ? (harderThan(deed.rung) ?? []) : []
  })[0]
  return {
    state: wholeState(steps),
    steps,
    compensate: plan.steps
      .filter(({ isReversible }, at) => isReversible && steps[at]?.state === 'failed' && steps[at].effect === 'unknown')
      .map(({ id }) => id),
    ...(climb === undefined ? {} : { climbTo: climb }),
    words: outcomeWords(steps.map((step) => step.state)),
  }
}

/** A plan that was released as a whole is told by that: of what was taken back nothing is confirmed any more. */
function outcomeWords(states: readonly StepState['state'][]): string {
  const count = (state: StepState['state']): number => states.filter((one) => one === state).length
  const released = count('released')
  if (released > 0 && released === states.length) return `${released} of ${counted(released, 'step')} released`
  const words = `${count('confirmed')} of ${counted(states.length, 'step')} confirmed, ${count('applied')} applied, ${count('failed')} failed`
  return released === 0 ? words : `${words}, ${released} released`
}

type UnsettledStep = { readonly step: PlanStep; readonly of: 'apply' | 'revert' }

/**
 * Steps that were begun, or begun to be taken back, and of which nobody heard how that ended: the program died between the two
 * records. They are looked at and settled, never done a second time.
 */
export function unsettledSteps(plan: ResponsePlan, records: readonly StepRecord[]): readonly UnsettledStep[] {
  return plan.steps.flatMap((step): readonly UnsettledStep[] => {
    const own = records.filter((record) => record.step === step.id)
    const last = (kind: StepRecord['kind']) => own.findLastIndex((record) => record.kind === kind)
    if (last('reverting') > last('reverted')) return [{ step, of: 'revert' }]
    return last('requested') >= 0 && last('answered') < 0 ? [{ step, of: 'apply' }] : []
  })
}

/** When a step ends by itself; undefined for what never does, and for what ended the workload. */
export function stepEndsAt({ deed, ttlMs }: PlanStep, appliedAt: UnixNano): UnixNano | undefined {
  const isEnding = deed.kind === 'rung' && (deed.rung === 'stop' || deed.rung === 'kill')
  if (ttlMs === 0 || isEnding) return undefined
  // Nanoseconds stay nanoseconds.
  return (appliedAt + BigInt(ttlMs) * 1_000_000n) as UnixNano
}

/** Steps whose time is up and which nothing has taken back yet. */
export function dueForRelease(plan: ResponsePlan, records: readonly StepRecord[], now: UnixNano): readonly PlanStep[] {
  const { steps } = outcomeOf(plan, records)
  return plan.steps.filter((step, at) => {
    const answered = records.find((record) => record.kind === 'answered' && record.step === step.id)
    if (answered === undefined || steps[at]?.effect === 'none') return false
    const end = stepEndsAt(step, answered.at)
    return end !== undefined && now >= end
  })
}

/** `isHeldOn`: it was in effect, and could not be taken back. */
type Following = StepState & { readonly isHeldOn: boolean }

function stateOf(step: PlanStep, records: readonly StepRecord[]): StepState {
  let state: Following = {
    step: step.id,
    state: 'planned',
    effect: 'none',
    detail: 'nothing was done',
    isHeldOn: false,
  }
  for (const record of records) state = { ...state, ...after(state, record) }
  const { isHeldOn: _, ...shown } = state
  return shown
}

function after(before: Following, record: StepRecord): Partial<Following> {
  switch (record.kind) {
    case 'requested':
      return { state: 'requested', effect: 'unknown', detail: 'asked for' }
    case 'answered':
      return record.outcome.status === 'done'
        ? { state: 'applied', effect: 'claimed', detail: record.outcome.detail }
        : { state: 'failed', effect: 'unknown', detail: record.outcome.detail }
    case 'probed': {
      // A probe of what was never applied confirms nothing, even where it finds the way closed.
      if (before.effect === 'none' || before.effect === 'unknown') return before
      if (record.unable !== undefined) {
        const detail = `nothing could be tried: ${record.unable}`
        return before.state === 'confirmed'
          ? { detail: `${before.detail}; since then ${detail}` }
          : { state: 'failed', detail }
      }
      const through = record.probes.filter(({ held }) => !held).map(({ way, detail }) => `${way} (${detail})`)
      if (record.probes.length === 0) return { state: 'failed', detail: 'nothing could be tried' }
      if (through.length > 0) return { state: 'failed', effect: 'leaks', detail: `got through: ${through.join(', ')}` }
      const ways = [...new Set(record.probes.map(({ way }) => way))].join(', ')
      return { state: 'confirmed', effect: 'probed', detail: `${record.probes.length} probes found it held: ${ways}` }
    }
    case 'reverting':
      // Until that is answered nobody knows whether it holds.
      return { effect: 'unknown', ...(before.state === 'confirmed' ? { state: 'applied' } : {}) }
    case 'reverted': {
      if (record.outcome.status === 'failed') {
        const isHeldOn = before.isHeldOn || before.state !== 'failed'
        return { state: 'failed', effect: 'unknown', detail: `not released: ${record.outcome.detail}`, isHeldOn }
      }
      // What failed stays failed: taking it back makes no success of it.
      return before.state === 'failed' && !before.isHeldOn
        ? { effect: 'none', detail: `${before.detail}; taken back` }
        : { state: 'released', effect: 'none', detail: record.outcome.detail }
    }
  }
}

function wholeState(steps: readonly StepState[]): PlanOutcome['state'] {
  const all = (...states: readonly StepState['state'][]) => steps.every(({ state }) => states.includes(state))
  if (all('planned')) return 'planned'
  if (all('confirmed')) return 'confirmed'
  if (all('released')) return 'released'
  if (all('failed')) return 'failed'
  return steps.some(({ state }) => state === 'failed' || state === 'released') ? 'partial' : 'under-way'
}
