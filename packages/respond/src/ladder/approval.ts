import type { Rung } from '@holdfast/model'

import type { Clock } from './clock.ts'
import type { Approval } from './decision.ts'
import type { LadderInputs } from './inputs.ts'
import type { PlannedStep } from './overlays.ts'
import type { Role, Row } from './rows.ts'
import { RUNG_NATURE, rungHeight } from './rungs.ts'
import type { Settled } from './settle.ts'

export type ApprovalCase = {
  readonly step: PlannedStep
  readonly isFirst: boolean
  readonly row: Row
  readonly clock: Clock
  readonly inputs: LadderInputs
  readonly settled: Settled
}

/**
 * Who says yes to one step. Automatic are only first steps that can be undone, row 4 excepted, and none that rests on an
 * assumption, on what agents say of themselves alone, or that a duty or a life forbids.
 */
export function approvalOf(approvalCase: ApprovalCase): Approval {
  const { step, isFirst, row, clock, inputs } = approvalCase
  const { isReversible, code } = RUNG_NATURE[step.rung]
  const roles = rolesFor(step.rung, row.people, inputs)
  const byRow = row.automatic === 'always' || (row.automatic === 'at-60-s' && clock === '60 s')
  const veto = vetoOf(approvalCase)
  // A person has said yes to the rung that did not hold, so the next one up to R3 is theirs already.
  if (step.climbed === true && rungHeight(step.rung) <= rungHeight('pause') && veto === undefined) {
    return { kind: 'automatic', told: roles, why: `a failed probe climbs to ${code} by itself` }
  }
  if (!byRow || !isFirst) return { kind: 'people', roles, why: `row ${row.number}` }
  if (veto !== undefined) return { kind: 'people', roles, why: veto }
  const isRowFour = row.number === 4 && inputs.duties.length === 0
  if (!isReversible && !isRowFour) return { kind: 'people', roles, why: `${code} cannot be undone` }
  return { kind: 'automatic', told: roles, why: `row ${row.number}, clock ${clock}` }
}

function vetoOf({ step, inputs, settled }: ApprovalCase): string | undefined {
  const height = rungHeight(step.rung)
  // FC7
  if (inputs.tier === 'self-reported') return 'all evidence is what agents say of themselves'
  if (settled.assumptions.length > 0) return settled.assumptions.join('; ')
  if (inputs.duties.length > 0 && height > rungHeight('soft-quarantine')) return 'stopping it is reportable'
  if (inputs.lifeSafety.kind === 'yes' && height >= rungHeight('pause')) return 'lives depend on it'
  return undefined
}

/** Who says yes to a rung where these people answer for it: whom lives and duties ask besides them. */
export function rolesFor(rung: Rung, people: readonly Role[], { lifeSafety, duties }: LadderInputs): readonly Role[] {
  const isHard = rungHeight(rung) >= rungHeight('pause')
  return [
    ...new Set<Role>([
      ...people,
      ...(lifeSafety.kind === 'yes' && isHard ? (['service-owner'] as const) : []),
      ...(duties.length > 0 && rung !== 'watch' ? (['compliance'] as const) : []),
    ]),
  ]
}
