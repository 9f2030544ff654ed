import { CONFIDENCE_FLOOR } from '../limits.ts'
import { clockOf } from './clock.ts'
import type { LadderInputs } from './inputs.ts'
import type { Row, RowStep, Traits } from './rows.ts'
import { matches, ROWS } from './rows.ts'
import type { Answers } from './settle.ts'

/** What the rows look at. A confidence that is no number is low. */
export function traitsOf(inputs: LadderInputs, known: Answers): Traits {
  return {
    outcome: inputs.outcome,
    confidence: inputs.confidence >= CONFIDENCE_FLOOR ? 'enough' : 'low',
    type: inputs.type,
    reach: known.reach === 'inside' ? 'inside' : 'reached',
    isLive: known.isLive,
    isRestartable: known.isRestartable,
    chain: inputs.evidence.completeness >= 1 ? 'complete' : 'incomplete',
    clock: clockOf(known.harm),
    isLifeSafety: inputs.lifeSafety.kind === 'yes',
  }
}

/** The row that fires. */
export function rowFor(traits: Traits): Row {
  const row = ROWS.find(({ when }) => when.some((match) => matches(match, traits)))
  if (row === undefined) throw new Error('the ladder has a row for every case, and none matched')
  return row
}

/** The steps of a row that are for this case. */
export function stepsFor({ steps }: Row, traits: Traits): readonly RowStep[] {
  return steps.filter(({ only }) => only === undefined || matches(only, traits))
}
