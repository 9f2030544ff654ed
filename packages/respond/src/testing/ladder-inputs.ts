import type { LadderInputs } from '../ladder/inputs.ts'

/** An incident about which everything is known; a case changes what it is about. */
export function ladderInputs(change: Partial<LadderInputs> = {}): LadderInputs {
  return {
    outcome: 'incident',
    type: 'reasoning-compromise',
    contributing: [],
    confidence: 0.8,
    tier: 'kernel',
    isLive: true,
    isRestartable: true,
    harm: { speed: 'fast', isReversible: false },
    reach: 'inside',
    evidence: { completeness: 1, isSealed: true, artifacts: [] },
    duties: [],
    downstream: [],
    lifeSafety: { kind: 'no' },
    ...change,
  }
}
