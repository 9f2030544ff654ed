import type { FactName, FactValue } from '@holdfast/respond'
import { type FactSource, programFact } from '../case/fact-source.ts'
import type { PlanBook } from './plan-book.ts'
import type { KeptPlan } from './plan-state.ts'

/** One step of a plan with what its last probe found, and where that stands in the log. */
type Probed = {
  readonly cut: string | undefined
  readonly open: number
  readonly isHeld: boolean
  readonly entry: number
}

/** What the probes of response plans found: the facts of the phase Contain. What no plan did is not stated. */
export function planFacts(book: Pick<PlanBook, 'list'>): FactSource {
  return ({ incident }) => {
    const probed = book.list(incident).flatMap(probedOf)
    if (probed.length === 0) return []
    const entries = (of: readonly Probed[]): readonly number[] => of.map(({ entry }) => entry)
    const open = (of: readonly Probed[]): number => of.reduce((sum, one) => sum + one.open, 0)
    const counted = (
      fact: FactName,
      ...cuts: readonly string[]
    ): readonly (readonly [FactName, FactValue, readonly Probed[]])[] => {
      const own = probed.filter(({ cut }) => cut !== undefined && cuts.includes(cut))
      return own.length === 0 ? [] : [[fact, open(own), own]]
    }
    const tokens = probed.filter(({ cut }) => cut === 'freeze-credential')
    const facts: readonly (readonly [FactName, FactValue, readonly Probed[]])[] = [
      ['paths-open', open(probed), probed],
      ...(tokens.length === 0 ? [] : [['old-token-refused', tokens.every(({ isHeld }) => isHeld), tokens] as const]),
      ...counted('grant-regions-open', 'suspend-grant'),
      ...counted('neighbours-open', 'cut-neighbours'),
      ...counted('channels-open', 'close-channel'),
      ...counted('tainted-items-retrievable', 'quarantine-item', 'pin-corpus'),
    ]
    return facts.map(([fact, value, of]) => programFact(fact, value, entries(of)))
  }
}

/** Of a step that was taken back nothing is known any more, and of one that ended the last probe before it counts. */
function probedOf({ made: { plan }, outcome, steps }: KeptPlan): readonly Probed[] {
  return plan.steps.flatMap(({ id, deed }, at): readonly Probed[] => {
    const state = outcome.steps[at]
    const last = steps.findLast(
      (record) => record.step === id && record.kind === 'probed' && record.unable === undefined,
    )
    if (last?.kind !== 'probed' || state === undefined || state.effect === 'none') return []
    const isHeld = last.probes.length > 0 && last.probes.every(({ held }) => held)
    return [
      {
        cut: deed.kind === 'cut' ? deed.cut : undefined,
        open: last.probes.filter(({ held }) => !held).length,
        isHeld,
        entry: last.entry,
      },
    ]
  })
}
