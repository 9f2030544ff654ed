import type { IncidentWire, ResponseDecisionWire } from '@holdfast/api'
import { type Alternative, type Decision, HOLD_TTL_MS, RUNG_NATURE, type RungChoice } from '@holdfast/respond'
import type { Impossible } from '../response/impossible.ts'
import type { InputLine } from './inputs.ts'

/** A rung with the regimes under which it is itself to be reported. */
export type DutifulRung = RungChoice & { readonly duties: readonly string[] }

/** A decision as the API shows it. */
export function decisionWire(
  { id, type }: Pick<IncidentWire, 'id' | 'type'>,
  decision: Decision,
  {
    lines,
    rungs,
    whyNoPlan,
  }: {
    readonly lines: readonly InputLine[]
    readonly rungs: readonly DutifulRung[]
    /** Undefined where nobody wants to know. */
    readonly whyNoPlan: readonly Impossible[] | undefined
  },
): ResponseDecisionWire {
  const { row, rung, isProvisional, clock, deadline, classifyWithinMs, softer, harder } = decision
  return {
    incident: id,
    type,
    row: { ...row },
    rung,
    steps: decision.steps.map((step) => ({
      rung: step.rung,
      code: step.nature.code,
      stops: step.nature.stops,
      isReversible: step.nature.isReversible,
      gates: step.gates.map((gate) => ({ ...gate })),
      approval: {
        kind: step.approval.kind,
        roles: [...(step.approval.kind === 'automatic' ? step.approval.told : step.approval.roles)],
        why: step.approval.why,
      },
    })),
    isProvisional,
    families: [...decision.families],
    cuts: decision.cuts.map((cut) => ({
      id: cut.id,
      words: cut.words,
      surface: cut.surface,
      verb: cut.verb,
      isReversible: cut.isReversible,
      because: cut.because,
      needsPerson: cut.approval === 'person',
    })),
    offers: decision.offers.map(({ id: offer, words }) => ({ id: offer, words })),
    clock,
    deadline: deadline.kind,
    ...(deadline.kind === 'within' ? { deadlineMs: deadline.ms } : {}),
    ...(classifyWithinMs === undefined ? {} : { classifyWithinMs }),
    rungs: rungs.map(rungWire),
    ...(whyNoPlan === undefined ? {} : { whyNoPlan: whyNoPlan.map(({ why, what }) => ({ why, what: [...what] })) }),
    ...(softer === undefined ? {} : { softer: alternativeWire(softer) }),
    ...(harder === undefined ? {} : { harder: alternativeWire(harder) }),
    receivers: decision.receivers.map((receiver) => ({ ...receiver })),
    duties: [...decision.duties],
    overlays: decision.overlays.map((overlay) => ({ ...overlay })),
    assumptions: [...decision.assumptions],
    inputs: lines.map((line) => ({ ...line })),
  }
}

function alternativeWire(alternative: Alternative): NonNullable<ResponseDecisionWire['softer']> {
  return { ...alternative, code: RUNG_NATURE[alternative.rung].code }
}

/** What ends by itself is let go; a rung that cannot be undone has nothing to end. */
function rungWire({ loses, duties, ...choice }: DutifulRung): ResponseDecisionWire['rungs'][number] {
  const endsByItself = choice.isReversible && choice.rung !== 'watch'
  return {
    ...choice,
    loses: [...loses],
    duties: [...duties],
    ttlMs: endsByItself ? HOLD_TTL_MS : 0,
    afterTtl: endsByItself ? 'it is released, and that is recorded and told' : 'it does not end by itself',
  }
}
