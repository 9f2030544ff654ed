import { type Answer, HARM_WORDS, type StandingWire } from '@holdfast/api'
import { formatDuration, plural } from '../ui/format.ts'

export type Plan = Answer<'listResponsePlans'>['items'][number]
export type PlanStep = Plan['steps'][number]

type Harm = Pick<StandingWire['harm'], 'state' | 'words'>

/**
 * What the plans of an incident hold now, in one sentence that calls the harm what the head of its page calls it; `isHeld` where
 * probes say that it holds. An agent can be held outside of plans too: `harm` is what all of that comes to, and undefined until
 * it is read.
 */
export function standingOf(
  plans: readonly Plan[],
  harm: Harm | undefined,
): {
  readonly isHeld: boolean
  readonly plan: Plan | undefined
  readonly words: string
} {
  const plan = plans.find(({ state }) => state === 'confirmed' || state === 'partial' || state === 'under-way')
  const state = harm?.state
  const isHeld = state === 'stopped' || state === 'held'
  if (plan === undefined) {
    const why = whyNone(plans[0])
    if (isHeld) return { isHeld, plan, words: `${harmWords(state)}, by no plan of it: ${why}.` }
    if (harm !== undefined && state === 'ended') return { isHeld, plan, words: `It has ended; ${harm.words}.` }
    const words =
      state === 'none-seen' ? `${harmWords(state)}: ${why}.` : `${harmWords(state)}: no plan holds anything, ${why}.`
    return { isHeld: false, plan, words }
  }
  if (harm !== undefined && isHeld) return { isHeld, plan, words: `${harmWords(state)}: ${harm.words}.` }
  const held = plan.steps.filter((step) => step.state === 'confirmed').length
  const of = `${held} of ${plural(plan.steps.length, 'step')} confirmed by probes`
  // What nobody could carry out is a way that stays open, however well the rest holds.
  const left = plan.left.length === 0 ? '' : `, and left out is: ${plan.left.map(({ what }) => what).join('; ')}`
  return { isHeld, plan, words: `${harmWords(state)}: ${of}${left}.` }
}

function harmWords(harm: StandingWire['harm']['state'] | undefined): string {
  if (harm === undefined) return 'Whether harm is possible is being read'
  return harm === 'none-seen' ? 'No harm was seen' : `Harm is ${HARM_WORDS[harm]}`
}

function whyNone(last: Plan | undefined): string {
  if (last === undefined) return 'nothing is planned'
  return last.state === 'planned' ? 'a plan waits' : `the last plan is ${last.state}`
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
