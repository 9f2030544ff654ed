import { RUNGS } from '@holdfast/model'
import { type FactName, type FactValue, isSameDeed, type PlanStep, type StepRecord } from '@holdfast/respond'
import { type FactSource, programFact } from '../case/fact-source.ts'
import type { PlanBook } from './plan-book.ts'
import type { KeptPlan } from './plan-state.ts'

/** One step of a plan with what is known of it, and where that stands in the log. */
type Tried = {
  readonly step: PlanStep
  readonly cut: string | undefined
  /** Ways that are open, or may be: what no probe confirmed is one of them. */
  readonly open: number
  readonly isHeld: boolean
  readonly entry: number
}

/** What came of the response plans that were carried out: the facts of the phase Contain. What no plan did is not stated. */
export function planFacts(book: Pick<PlanBook, 'list'>): FactSource {
  return ({ incident }) => {
    const plans = book.list(incident)
    const confirmed = plans.flatMap(confirmedOf)
    const tried = plans.flatMap(triedOf).filter((one) => one.isHeld || !confirmed.some((other) => isSince(one, other)))
    if (tried.length === 0) return []
    const entries = (of: readonly Tried[]): readonly number[] => of.map(({ entry }) => entry)
    const open = (of: readonly Tried[]): number => of.reduce((sum, one) => sum + one.open, 0)
    const counted = (
      fact: FactName,
      ...cuts: readonly string[]
    ): readonly (readonly [FactName, FactValue, readonly Tried[]])[] => {
      const own = tried.filter(({ cut }) => cut !== undefined && cuts.includes(cut))
      return own.length === 0 ? [] : [[fact, open(own), own]]
    }
    const tokens = tried.filter(({ cut }) => cut === 'freeze-credential')
    const facts: readonly (readonly [FactName, FactValue, readonly Tried[]])[] = [
      ['paths-open', open(tried), tried],
      ...(tokens.length === 0 ? [] : [['old-token-refused', tokens.every(({ isHeld }) => isHeld), tokens] as const]),
      ...counted('grant-regions-open', 'suspend-grant'),
      ...counted('neighbours-open', 'cut-neighbours'),
      ...counted('channels-open', 'close-channel'),
      ...counted('tainted-items-retrievable', 'quarantine-item', 'pin-corpus'),
    ]
    return facts.map(([fact, value, of]) => programFact(fact, value, entries(of)))
  }
}

/** Of what was in effect and was taken back nothing is known any more; what failed, or was never tried, holds nothing. */
function triedOf({ appliedAt, made: { plan }, madeEntry, outcome, steps }: KeptPlan): readonly Tried[] {
  if (appliedAt === undefined) return []
  return plan.steps.flatMap((step, at): readonly Tried[] => {
    const state = outcome.steps[at]
    if (state === undefined || state.state === 'released') return []
    const own = steps.filter((record) => record.step === step.id)
    const probed = own.findLast((record) => record.kind === 'probed' && record.unable === undefined)
    const isHeld = state.state === 'confirmed'
    const through = probed?.kind === 'probed' ? probed.probes.filter(({ held }) => !held).length : 0
    return [
      {
        step,
        cut: step.deed.kind === 'cut' ? step.deed.cut : undefined,
        open: isHeld ? 0 : state.effect === 'leaks' ? Math.max(1, through) : 1,
        isHeld,
        entry: own.findLast(({ kind }) => kind !== 'reverting' && kind !== 'reverted')?.entry ?? madeEntry,
      },
    ]
  })
}

type Confirmed = { readonly step: PlanStep; readonly entry: number }

/** Steps that a probe found held, and where the last that did stands, whatever became of them since. */
function confirmedOf({ made: { plan }, steps }: KeptPlan): readonly Confirmed[] {
  return plan.steps.flatMap((step): readonly Confirmed[] => {
    const found = steps.findLast((record) => record.step === step.id && record.kind === 'probed' && isHolding(record))
    return found === undefined ? [] : [{ step, entry: found.entry }]
  })
}

function isHolding({ probes, unable }: Extract<StepRecord, { readonly kind: 'probed' }>): boolean {
  return unable === undefined && probes.length > 0 && probes.every(({ held }) => held)
}

/** True where a later probe confirmed the same deed on the same target, or a harder rung on it. */
function isSince({ step, entry }: Tried, other: Confirmed): boolean {
  if (other.entry <= entry) return false
  const { deed } = step
  const { deed: done } = other.step
  if (deed.kind === 'cut' || done.kind === 'cut') return isSameDeed(step, other.step)
  return RUNGS.indexOf(done.rung) >= RUNGS.indexOf(deed.rung) && isSameDeed({ ...step, deed: done }, other.step)
}
