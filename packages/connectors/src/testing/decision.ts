import type { Decision } from '@holdfast/respond'
import { CUTS, selectRung } from '@holdfast/respond'

/** A decision of the ladder with this rung and these cuts. */
export function decisionOf(rung: Decision['rung'], cuts: readonly string[] = []): Decision {
  const decision = selectRung({
    outcome: 'incident',
    type: 'runtime-execution-escape',
    contributing: [],
    confidence: 0.9,
    tier: 'kernel',
    isLive: true,
    isRestartable: true,
    harm: { speed: 'fast', isReversible: false },
    reach: 'inside',
    evidence: { completeness: 1, isSealed: true, artifacts: [] },
    duties: [],
    downstream: [],
    lifeSafety: { kind: 'no' },
  })
  const chosen = CUTS.filter(({ id }) => cuts.includes(id))
  return { ...decision, rung, cuts: chosen.map((cut) => ({ ...cut, because: 'of its type', approval: 'with-rung' })) }
}
