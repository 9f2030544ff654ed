import type { Rung } from '@holdfast/model'

import { rolesFor } from './approval.ts'
import type { Decision } from './decision.ts'
import type { LadderInputs } from './inputs.ts'
import { gatesOf } from './overlays.ts'
import type { Role } from './rows.ts'
import { RUNG_NATURE, rungHeight } from './rungs.ts'

/**
 * The decision with the rung that a person chose in place of the ladder's first: whoever the ladder asks says yes to it, nothing
 * of it goes by itself, whom the chosen rung asks besides them says yes too, and what a rung waits for it waits for all the same.
 */
export function chosenByPerson(decision: Decision, rung: Rung, inputs: LadderInputs): Decision {
  const [first, ...later] = decision.steps
  if (first === undefined || first.rung === rung) return decision
  const asked = first.approval.kind === 'people' ? first.approval.roles : first.approval.told
  const roles = rolesFor(rung, rung === 'watch' ? asked : answering(asked), inputs)
  return {
    ...decision,
    rung,
    steps: [
      {
        rung,
        nature: RUNG_NATURE[rung],
        gates: gatesOf({ rung }, inputs),
        approval: { kind: 'people', roles, why: `a person chose it instead of ${RUNG_NATURE[first.rung].code}` },
      },
      ...later.filter((step) => rungHeight(step.rung) > rungHeight(rung)),
    ],
  }
}

/** Who watches the queue lets nothing be held: on-call answers for it. */
function answering(asked: readonly Role[]): readonly Role[] {
  const others = asked.filter((role) => role !== 'analyst')
  return others.some((role) => role !== 'compliance') ? others : ['on-call', ...others]
}
