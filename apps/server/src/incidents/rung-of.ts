import type { Answer, ResponsePlanWire } from '@holdfast/api'
import { RUNGS } from '@holdfast/model'
import type { Known } from '../containment/containments.ts'

export const NOTHING_HELD =
  'nothing was applied: a person applies a rung (`holdfast incidents plan`, `holdfast contain`), or a policy on record does'

type Held = Pick<Known, 'record' | 'isExpired'>
type Planned = Pick<ResponsePlanWire, 'hash' | 'state' | 'appliedAt' | 'approval' | 'words'> & {
  readonly steps: readonly Pick<ResponsePlanWire['steps'][number], 'deed' | 'effect'>[]
}

/**
 * The hardest rung on which an agent of the incident stands now, by whatever holds it; where none does, what was applied before.
 * Containments and plans come the newest first.
 */
export function rungOf({
  containments,
  plans,
}: {
  readonly containments: readonly Held[]
  readonly plans: readonly Planned[]
}): Answer<'getIncident'>['rung'] {
  const standing = containments.filter(
    ({ record: { state }, isExpired }) => state !== 'released' && state !== 'refused' && !isExpired,
  )
  const [hardest] = standing
    .map(({ record }) => record)
    .toSorted((a, b) => heightOf(b.plan.rung) - heightOf(a.plan.rung))
  if (hardest !== undefined) {
    const { plan, state, by } = hardest
    return { rung: plan.rung, reason: `${plan.agentName}: ${state}, by ${by}: ${plan.reason}` }
  }
  const applied = plans.filter(({ appliedAt }) => appliedAt !== undefined)
  const [planned] = applied
    .flatMap((plan) => plan.steps.map(({ deed, effect }) => ({ plan, deed, effect })))
    .flatMap(({ plan, deed, effect }) =>
      deed.kind === 'rung' && effect !== 'none' ? [{ rung: deed.rung, reason: planWords(plan) }] : [],
    )
    .toSorted((a, b) => heightOf(b.rung) - heightOf(a.rung))
  if (planned !== undefined) return planned
  const [last] = applied
  if (last !== undefined) return { rung: null, reason: `nothing holds it now: ${planWords(last)}` }
  const [before] = containments.filter(({ record: { state } }) => state !== 'refused')
  if (before === undefined) return { rung: null, reason: NOTHING_HELD }
  const { plan, state, by } = before.record
  const end = before.isExpired && state !== 'released' ? 'ended by its time limit' : `${state} by ${by}`
  return { rung: null, reason: `nothing holds it now: ${plan.rung} of ${plan.agentName} was ${end}` }
}

function planWords({ hash, state, approval, words }: Planned): string {
  const by = approval.kind === 'automatic' ? 'by the program, as a policy on record lets it' : 'by people'
  return `plan ${hash.slice(0, 12)}, applied ${by}, is ${state}: ${words}`
}

function heightOf(rung: (typeof RUNGS)[number]): number {
  return RUNGS.indexOf(rung)
}
