import { createHash } from 'node:crypto'

import type { EnvelopeCitation, IncidentType, Rung, Surface, TrustTier, UnixNano } from '@holdfast/model'
import { canonicalJson } from '@holdfast/model'

import type { Role } from '../ladder/rows.ts'
import { MAX_PLAN_STEPS } from '../limits.ts'
import type { Verb } from '../ladder/rungs.ts'

/** What is bitten into, and in which state it was when the plan was made. */
export type PlanTarget = {
  readonly kind:
    | 'workload'
    | 'node'
    | 'image'
    | 'tool'
    | 'destination'
    | 'identity'
    | 'grant'
    | 'edge'
    | 'corpus'
    | 'document'
    | 'channel'
  readonly name: string
  /** What exactly of it, spelled as its provider spells it: a key's id, an action and its resource. Absent: all of it. */
  readonly parts?: readonly string[]
  /** The policy of the agent that `parts` are taken from: the one that its violations cite. Absent where they come from none. */
  readonly envelope?: EnvelopeCitation
  /** Digest of the target's state as its provider saw it; another one at the time of applying is another target. */
  readonly state: string
}

/** One deed of a plan, on one target, by one provider. */
export type PlanStep = {
  readonly id: string
  /** Of the plan that it stands in, so that what is done in another system can say why. */
  readonly incident: string
  /** Who carries it out: a sensor, a connector. */
  readonly provider: string
  readonly agent: string
  readonly target: PlanTarget
  /** A rung holds a workload; a verb cuts one of the four surfaces. */
  readonly deed:
    | { readonly kind: 'rung'; readonly rung: Rung }
    | { readonly kind: 'cut'; readonly cut: string; readonly surface: Surface; readonly verb: Verb }
  readonly isReversible: boolean
  /** 0 never ends by itself. */
  readonly ttlMs: number
}

/** Who asked for a plan that no person asked for. */
export const PROGRAM = 'policy'

/** What is to be done about an incident. Never changed once made: another thought is another plan with another hash. */
export type ResponsePlan = {
  readonly incident: string
  readonly type: IncidentType
  /** Position of the log up to which the incident was judged. */
  readonly judgedAt: number
  /** Row of the ladder's table that asked for it. */
  readonly row: number
  readonly steps: readonly PlanStep[]
  /** Each of them says yes, or nobody has to. */
  readonly approval: { readonly kind: 'automatic' } | { readonly kind: 'people'; readonly roles: readonly Role[] }
  /** At least so many different people, the one who asked for it not among them where it is two or more. */
  readonly people: number
  readonly duties: readonly string[]
  /** Strongest tier of the evidence. */
  readonly tier: TrustTier
  readonly requestedBy: string
  readonly plannedAt: UnixNano
  readonly validMs: number
}

/**
 * SHA-256 over the canonical JSON of the plan, in hex, times as decimal text. What was approved is what is applied: any other
 * byte is another hash.
 */
export function planHash(plan: ResponsePlan): string {
  const { plannedAt, ...rest } = plan
  return createHash('sha256')
    .update(canonicalJson({ ...rest, plannedAt: plannedAt.toString() }))
    .digest('hex')
}

/** Why a plan makes no sense by itself; empty where it does. */
export function planMistakes({ steps, approval }: ResponsePlan): readonly string[] {
  const repeated = steps.filter(({ id }, at) => steps.findIndex((other) => other.id === id) < at)
  const endless = steps.filter(({ deed, ttlMs }) => deed.kind === 'rung' && deed.rung === 'pause' && ttlMs === 0)
  const final = steps.filter(({ isReversible }) => !isReversible)
  return [
    ...(steps.length === 0 ? ['a plan has at least one step'] : []),
    ...(steps.length > MAX_PLAN_STEPS ? [`a plan has at most ${MAX_PLAN_STEPS} steps, not ${steps.length}`] : []),
    ...repeated.map(({ id }) => `step ${id} stands twice`),
    ...endless.map(({ id }) => `step ${id}: a pause needs a time limit`),
    // Row 4 of the ladder is the only one that ends something without a person, and its rung is the kill.
    ...(approval.kind === 'automatic'
      ? final
          .filter(({ deed }) => !(deed.kind === 'rung' && deed.rung === 'kill'))
          .map(({ id }) => `step ${id} cannot be undone: a person approves it`)
      : []),
  ]
}
