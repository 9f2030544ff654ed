import type { Answer, StandingWire } from '@holdfast/api'
import { formatDuration } from '../ui/format.ts'

export type Plan = Answer<'listResponsePlans'>['items'][number]
export type PlanStep = Plan['steps'][number]

/**
 * What the plans of an incident hold now, in one sentence; `isHeld` where a probe says that it holds. An agent can be held outside
 * of plans too: `harm` is what all of that comes to.
 */
export function standingOf(
  plans: readonly Plan[],
  harm: StandingWire['harm']['state'] | undefined,
): {
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
    if (harm === 'stopped') return { isHeld: true, plan: undefined, words: `It is held, by no plan of it: ${why}.` }
    if (harm === 'none-seen') return { isHeld: false, plan: undefined, words: `No harm was seen: ${why}.` }
    return { isHeld: false, plan: undefined, words: `Harm is still possible: no plan holds anything, ${why}.` }
  }
  const held = plan.steps.filter(({ state }) => state === 'confirmed').length
  const of = `${held} of ${plan.steps.length} steps are confirmed by probes`
  // What nobody could carry out is a way that stays open, however well the rest holds.
  const left = plan.left.map(({ what }) => what)
  if (plan.state !== 'confirmed') return { isHeld: false, plan, words: `Harm may still be possible: ${of}.` }
  if (harm === 'continuing') return { isHeld: false, plan, words: `Harm goes on all the same: ${of}.` }
  if (left.length === 0) return { isHeld: true, plan, words: `It is held: ${of}.` }
  return { isHeld: false, plan, words: `Harm may still be possible: ${of}, and left out is: ${left.join('; ')}.` }
}

/** Milliseconds until a time on the wire, at a moment of the browser's clock; negative once it is over. */
export function millisUntil(at: string, nowMs: number): number {
  return Number(BigInt(at) / 1_000_000n) - nowMs
}

/** How a plan stands to its deadline, at a moment of the browser's clock; undefined where it has none. */
export function deadlineWords(
  { deadline, plannedAt, confirmedAt, state }: Pick<Plan, 'deadline' | 'plannedAt' | 'confirmedAt' | 'state'>,
  nowMs: number,
): { readonly words: string; readonly isPast: boolean } | undefined {
  if (deadline === undefined) return undefined
  const late = (at: string): number => -millisUntil(deadline, Number(BigInt(at) / 1_000_000n))
  const past = late(plannedAt)
  if (past > 0) return { words: `it was past by ${formatDuration(past)} when the plan was made`, isPast: true }
  const held = confirmedAt === undefined ? undefined : late(confirmedAt)
  if (held !== undefined)
    return held > 0 ? { words: `held ${formatDuration(held)} after it`, isPast: true } : { words: 'met', isPast: false }
  const left = millisUntil(deadline, nowMs)
  if (left > 0) return { words: `in ${formatDuration(left)}`, isPast: false }
  return { words: state === 'released' ? 'not met' : `past by ${formatDuration(-left)}`, isPast: true }
}
