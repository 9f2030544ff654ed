import type { Answer } from '@holdfast/api'
import type { Plan } from './plan.ts'

type RungChoice = Answer<'planIncident'>['rungs'][number]

/**
 * What has to be done before a plan is applied: the harder it is to take back, the more, and never the same.
 * `undo`: one press, with five seconds to call it back. `confirm`: a second press that names what stops. `reason`: words for the
 * record. `name`: the Deployment's name, typed, beside the words.
 */
export type ApplyShape =
  | { readonly kind: 'undo'; readonly seconds: number }
  | { readonly kind: 'confirm'; readonly stops: string }
  | { readonly kind: 'reason'; readonly why: string; readonly loses: readonly string[] }
  | { readonly kind: 'name'; readonly name: string; readonly loses: readonly string[] }

const SECONDS_TO_UNDO = 5
const SOFT = new Set(['watch', 'restrict'])

/** The shape that goes with the hardest of what a plan does. */
export function applyShape({ steps }: Pick<Plan, 'steps'>, rungs: readonly RungChoice[]): ApplyShape {
  const held = steps.flatMap(({ deed, agent }) => {
    const choice = deed.kind === 'rung' ? rungs.find(({ rung }) => rung === deed.rung) : undefined
    return choice === undefined ? [] : [{ choice, agent }]
  })
  const loses = [...new Set(held.flatMap(({ choice }) => choice.loses))]
  const killed = held.find(({ choice }) => choice.rung === 'kill')
  if (killed !== undefined) return { kind: 'name', name: deploymentName(killed.agent), loses }
  if (loses.length > 0) return { kind: 'reason', why: 'it would lose what is not sealed yet', loses }
  if (steps.some(({ deed }) => deed.kind === 'cut' && deed.cut === 'freeze-credential'))
    return { kind: 'reason', why: 'it freezes a credential that others may use too', loses }
  if (steps.some(({ isReversible }) => !isReversible)) return { kind: 'reason', why: 'it cannot be undone', loses }
  const hard = held.find(({ choice }) => !SOFT.has(choice.rung))
  return hard === undefined ? { kind: 'undo', seconds: SECONDS_TO_UNDO } : { kind: 'confirm', stops: hard.choice.stops }
}

/** The last part of an agent's id: what people call the Deployment. */
export function deploymentName(agent: string): string {
  return agent.split('/').at(-1) ?? agent
}
