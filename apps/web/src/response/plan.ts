import type { Answer } from '@holdfast/api'

export type Plan = Answer<'listResponsePlans'>['items'][number]
export type PlanStep = Plan['steps'][number]

/** What the plans of an incident hold now, in one sentence; `isHeld` where a probe says that it holds. */
export function standingOf(plans: readonly Plan[]): {
  readonly isHeld: boolean
  readonly plan: Plan | undefined
  readonly words: string
} {
  const plan = plans.find(({ state }) => state === 'confirmed' || state === 'partial' || state === 'under-way')
  if (plan === undefined) {
    const last = plans[0]
    const why =
      last === undefined
        ? 'nothing is planned'
        : last.state === 'planned'
          ? 'a plan waits'
          : `the last plan is ${last.state}`
    return { isHeld: false, plan: undefined, words: `Harm is still possible: nothing is held, ${why}.` }
  }
  const held = plan.steps.filter(({ state }) => state === 'confirmed').length
  const of = `${held} of ${plan.steps.length} steps are confirmed by probes`
  // What nobody could carry out is a way that stays open, however well the rest holds.
  const left = plan.left.map(({ what }) => what)
  if (plan.state !== 'confirmed') return { isHeld: false, plan, words: `Harm may still be possible: ${of}.` }
  if (left.length === 0) return { isHeld: true, plan, words: `It is held: ${of}.` }
  return { isHeld: false, plan, words: `Harm may still be possible: ${of}, and left out is: ${left.join('; ')}.` }
}

/** Milliseconds until a time on the wire, at a moment of the browser's clock; negative once it is over. */
export function millisUntil(at: string, nowMs: number): number {
  return Number(BigInt(at) / 1_000_000n) - nowMs
}
