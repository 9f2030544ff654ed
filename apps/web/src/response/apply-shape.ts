import { type Answer, applyAsks } from '@holdfast/api'
import type { Plan } from './plan.ts'

type RungChoice = Answer<'planIncident'>['rungs'][number]

/**
 * What has to be done before a plan is applied: the harder it is to take back, the more, and never the same.
 * `undo`: one press, with five seconds to call it back. `confirm`: a second press that names what stops. `reason`: words for the
 * record. `name`: the names of the Deployments that it ends, typed, beside the words.
 */
export type ApplyShape =
  | { readonly kind: 'undo'; readonly seconds: number }
  | { readonly kind: 'confirm'; readonly stops: string }
  | { readonly kind: 'reason'; readonly why: string; readonly loses: readonly string[] }
  | { readonly kind: 'name'; readonly name: string; readonly loses: readonly string[] }

const SECONDS_TO_UNDO = 5
const SOFT = new Set(['watch', 'restrict'])

/** The shape that goes with the hardest of what a plan does. */
export function applyShape(plan: Pick<Plan, 'steps'>, rungs: readonly RungChoice[]): ApplyShape {
  const held = plan.steps.flatMap(({ deed }) =>
    deed.kind === 'rung' ? rungs.filter(({ rung }) => rung === deed.rung) : [],
  )
  const loses = [...new Set(held.flatMap((choice) => choice.loses))]
  const { name, reason } = applyAsks(plan)
  if (name !== undefined) return { kind: 'name', name, loses }
  if (loses.length > 0) return { kind: 'reason', why: 'it would lose what is not sealed yet', loses }
  if (reason !== undefined) return { kind: 'reason', why: reason, loses }
  const hard = held.find(({ rung }) => !SOFT.has(rung))
  return hard === undefined ? { kind: 'undo', seconds: SECONDS_TO_UNDO } : { kind: 'confirm', stops: hard.stops }
}
