import { CLASSIFY_PROVISIONAL_MS, CLASSIFY_WATCHED_MS } from '../limits.ts'
import { alternativesOf } from './alternatives.ts'
import type { ApprovalCase } from './approval.ts'
import { approvalOf } from './approval.ts'
import type { Clock } from './clock.ts'
import { CLOCK_MS, clockOf } from './clock.ts'
import type { ChosenCut, Deadline, Decision, LadderStep, Overlay } from './decision.ts'
import type { LadderInputs } from './inputs.ts'
import { gatesOf, overlaid, receiverDuties } from './overlays.ts'
import type { Row } from './rows.ts'
import { CUTS, FAMILIES, FAMILY_OF, RUNG_NATURE } from './rungs.ts'
import type { Settled } from './settle.ts'
import { settle } from './settle.ts'
import { rowFor, stepsFor, traitsOf } from './traits.ts'

/**
 * Chooses rung, cuts, deadline and approvers by the ladder's table: the first row that matches fires, then the overlays are
 * laid over it. Pure, total, and it says why.
 */
export function selectRung(inputs: LadderInputs): Decision {
  const settled = settle(inputs)
  const clock = clockOf(settled.harm)
  const traits = traitsOf(inputs, settled)
  const row = rowFor(traits)
  const laid = overlaid(stepsFor(row, traits), inputs)
  const cuts = cutsOf(row, inputs)
  const steps = laid.steps.map((step, at) => ladderStep({ step, isFirst: at === 0, row, clock, inputs, settled }))
  const rung = steps[0]?.rung ?? 'watch'
  const overlays: readonly Overlay[] = [
    ...laid.overlays,
    ...cuts.overlays,
    ...waitOverlay(steps),
    ...vetoOverlays(row, clock, inputs, settled),
  ]
  return {
    row: { number: row.number, words: row.words },
    rung,
    steps,
    isProvisional: row.classifyWithin !== undefined,
    families: FAMILIES.filter((family) => cuts.chosen.some((cut) => cut.family === family)),
    cuts: cuts.chosen,
    offers: CUTS.filter(({ id }) => id === row.offers),
    clock,
    deadline: deadlineOf(row, clock),
    ...(row.classifyWithin === undefined
      ? {}
      : { classifyWithinMs: row.classifyWithin === 'provisional' ? CLASSIFY_PROVISIONAL_MS : CLASSIFY_WATCHED_MS }),
    ...alternativesOf(rung, inputs),
    receivers: inputs.outcome === 'attempt' ? [] : receiverDuties(inputs.downstream),
    duties: inputs.duties,
    overlays,
    assumptions: settled.assumptions,
  }
}

function deadlineOf({ deadline }: Row, clock: Clock): Deadline {
  switch (deadline) {
    case 'clock':
      return { kind: 'within', ms: CLOCK_MS[clock] }
    case 'same-day':
    case 'none':
      return { kind: deadline }
  }
}

function ladderStep({ step, isFirst, row, clock, inputs, settled }: ApprovalCase): LadderStep {
  return {
    rung: step.rung,
    nature: RUNG_NATURE[step.rung],
    gates: gatesOf(step, inputs),
    approval: approvalOf({ step, isFirst, row, clock, inputs, settled }),
  }
}

type Cuts = { readonly chosen: readonly ChosenCut[]; readonly overlays: readonly Overlay[] }

function cutsOf(row: Row, inputs: LadderInputs): Cuts {
  const own = FAMILY_OF[inputs.type]
  const base = CUTS.filter((cut) => {
    switch (row.cuts) {
      case 'none':
        return false
      case 'own':
        return cut.family === own
      case 'scope-only':
        return cut.family === own && cut.verb === 'scope'
      case 'reversible':
        return cut.isReversible
    }
  })
  // A row that holds nothing back (an attempt, an unsure type) has nothing for a contributing type to add to.
  const others = row.cuts === 'none' ? [] : inputs.contributing.filter((type) => type !== inputs.type)
  const added = CUTS.filter(
    (cut) => cut.isReversible && !base.includes(cut) && others.some((type) => FAMILY_OF[type] === cut.family),
  )
  return {
    chosen: [
      ...base.map((cut) => chosen(cut, row.cuts === 'reversible' ? 'right for any type' : `row ${row.number}`)),
      ...added.map((cut) => chosen(cut, 'a contributing type adds it')),
    ],
    overlays:
      added.length === 0 ? [] : [{ id: 'e', words: `contributing types add ${added.length} steps that can be undone` }],
  }
}

function chosen(cut: (typeof CUTS)[number], because: string): ChosenCut {
  return { ...cut, because, approval: cut.isReversible ? 'with-rung' : 'person' }
}

function waitOverlay(steps: readonly LadderStep[]): readonly Overlay[] {
  const waiting = steps.filter(({ gates }) => gates.some(({ gate, isOpen }) => gate !== 'clean-replica' && !isOpen))
  const ending = waiting.filter(({ nature }) => !nature.isReversible).map(({ nature }) => nature.code)
  return ending.length === 0 ? [] : [{ id: 'f', words: `${ending.join(' and ')} wait for the seal` }]
}

/** Why a row that allows an automatic step was given to a person all the same. */
function vetoOverlays(row: Row, clock: Clock, inputs: LadderInputs, settled: Settled): readonly Overlay[] {
  if (row.automatic === 'never' || (row.automatic === 'at-60-s' && clock !== '60 s')) return []
  return [
    ...(inputs.tier === 'self-reported'
      ? [{ id: 'tier', words: 'all evidence is what agents say of themselves: a person decides' } as const]
      : []),
    ...(settled.assumptions.length > 0
      ? [{ id: 'assumed', words: 'an assumption makes nothing automatic: a person decides' } as const]
      : []),
  ]
}
