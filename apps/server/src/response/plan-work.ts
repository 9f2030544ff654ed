import type { Rung, UnixNano } from '@holdfast/model'
import type { CarryOut, CaseAction, PlanStep, Responder, ResponsePlan, StepRecord } from '@holdfast/respond'
import { hash as digest } from 'node:crypto'
import type { Cases } from '../case/cases.ts'
import { CUTS, ROWS, RUNG_NATURE } from '@holdfast/respond'
import type { PlanBook } from './plan-book.ts'
import type { KeptPlan } from './plan-state.ts'

export type PlanWorkSources = {
  readonly book: PlanBook
  readonly responders: readonly Responder[]
  readonly cases: Pick<Cases, 'noteAction'>
  readonly clock: () => UnixNano
  readonly onError: (error: unknown, what: string) => void
}

/** What it takes to do something with the steps of a plan: each is on record, and then in the case of its incident. */
export function workOn(sources: PlanWorkSources, { hash, made: { plan, basis } }: KeptPlan): CarryOut {
  const { book, responders, cases, clock, onError } = sources
  return {
    plan,
    providers: new Map(responders.map((responder) => [responder.name, responder])),
    now: clock,
    record: async (record) => {
      const before = stateOf(book.find(hash), record)
      const kept = await book.write(
        { hash, incident: plan.incident },
        { do: 'step', step: withoutTime(record) },
        undefined,
      )
      const action = actionOf(kept, record)
      if (action === undefined || stateOf(kept, record) === before) return
      // The case is a mirror of the plan: a case that refuses it keeps no hold from being made.
      cases
        .noteAction({ id: plan.incident, alsoKnownAs: [...basis.names] }, action)
        .catch((error: unknown) => onError(error, 'a step of a plan is not in the case of its incident'))
    },
  }
}

type WithoutTime<T> = T extends unknown ? Omit<T, 'at'> : never

function withoutTime(record: StepRecord): WithoutTime<StepRecord> {
  const { at: _, ...rest } = record
  return rest as WithoutTime<StepRecord> // each kind without the one field that all have
}

function stateOf(kept: KeptPlan | undefined, { step }: StepRecord): string | undefined {
  return kept?.outcome.steps.find((one) => one.step === step)?.state
}

/** A step as the case of the incident has it; what was only asked for has done nothing to anybody. */
export function actionOf(
  { hash, made: { plan }, outcome }: KeptPlan,
  { step: id }: StepRecord,
): CaseAction | undefined {
  const step = plan.steps.find((one) => one.id === id)
  const state = outcome.steps.find((one) => one.step === id)?.state
  if (step === undefined || state === undefined || state === 'planned' || state === 'requested') return undefined
  const { deed, target, agent, isReversible } = step
  const rung = rungOf(step, plan)
  const family = deed.kind === 'cut' ? CUTS.find((cut) => cut.id === deed.cut)?.family : undefined
  const words =
    deed.kind === 'rung' ? `${RUNG_NATURE[deed.rung].code} ${deed.rung} of ${agent}` : `${deed.cut}: ${target.name}`
  return {
    id: actionId(hash, id),
    words,
    ...(rung === undefined ? {} : { rung }),
    ...(family === undefined ? {} : { family }),
    isReversible,
    state,
    planHash: hash,
  }
}

/**
 * R1 stops the one tool, scope, destination or edge that fired: where the row asks for that and no workload is held, a cut of the
 * input or of a tool is it.
 */
function rungOf({ deed }: PlanStep, { row, steps }: ResponsePlan): Rung | undefined {
  if (deed.kind === 'rung') return deed.rung
  const [first] = ROWS.find(({ number }) => number === row)?.steps ?? []
  const isHeld = steps.some((step) => step.deed.kind === 'rung')
  const isOfInput = deed.surface === 'S1' || deed.surface === 'S2'
  return first?.rung === 'restrict' && !isHeld && isOfInput ? 'restrict' : undefined
}

/** Names a step in its case: a receiver's id in it may be of any length. */
export function actionId(planHash: string, step: string): string {
  const short =
    step.length <= STEP_CHARACTERS
      ? step
      : `${step.slice(0, STEP_CHARACTERS - 17)}~${digest('sha256', step).slice(0, 16)}`
  return `${planHash.slice(0, 16)}/${short}`
}

const STEP_CHARACTERS = 80
