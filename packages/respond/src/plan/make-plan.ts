import type { IncidentType, Surface, TrustTier, UnixNano } from '@holdfast/model'

import { HOLD_TTL_MS, PLAN_VALID_MS } from '../limits.ts'
import type { Decision } from '../ladder/decision.ts'
import type { Verb } from '../ladder/rungs.ts'
import type { PlanStep, PlanTarget, ResponsePlan } from './plan.ts'

/** What a provider can do about this incident, as its preview says. */
export type Offer = {
  readonly provider: string
  readonly agent: string
  readonly target: PlanTarget
  /** The ladder's rung, one of the cuts by its id, or an edge to a receiver. */
  readonly serves:
    | { readonly kind: 'rung' }
    | { readonly kind: 'cut'; readonly cut: string }
    | { readonly kind: 'edge'; readonly receiver: string }
}

export type PlanRequest = {
  readonly decision: Decision
  readonly incident: string
  readonly type: IncidentType
  readonly judgedAt: number
  readonly tier: TrustTier
  readonly offers: readonly Offer[]
  readonly requestedBy: string
  readonly plannedAt: UnixNano
  /** Policy asks for two people whatever the ladder says. */
  readonly isTwoPerson: boolean
  /**
   * What may go without a person where the ladder says so: nothing, what can be undone, or whatever its table says, which is the
   * kill of row 4 as well.
   */
  readonly automatic: Automatic
  /** Which of the decision's rungs: a later one once those before it stand and its gates are open. The first unless told. */
  readonly rungAt?: number
  /** Steps of other plans that are in effect: what they do is not done a second time. */
  readonly standing?: readonly PlanStep[]
  /** How long what can be undone lasts by itself. */
  readonly ttlMs?: number
}

export const AUTOMATIC = ['off', 'reversible', 'table'] as const

export type Automatic = (typeof AUTOMATIC)[number]

/** A plan, and what of the decision it leaves out, with the reason. */
export type MadePlan = {
  readonly plan: ResponsePlan
  readonly left: readonly { readonly what: string; readonly why: string }[]
}

/**
 * Turns a decision into a plan of what somebody can carry out. The same request gives the same bytes: offers are ordered by
 * what they serve, not by who answered first.
 */
export function makePlan(request: PlanRequest): MadePlan {
  const { decision, offers, isTwoPerson, standing = [] } = request
  const rungAt = request.rungAt ?? 0
  const chosen = decision.steps[rungAt]
  const isAutomatic = chosen?.approval.kind === 'automatic' && !isTwoPerson && isLetGo(request.automatic, chosen)
  const wishes = wishesOf(decision, rungAt)
  const held = wishes.filter(({ needsPerson }) => isAutomatic && needsPerson)
  const taken = wishes.filter((wish) => !held.includes(wish))
  const wanted = taken.flatMap((wish) => stepsFor(wish, request))
  const steps = wanted.filter((step) => !standing.some((one) => isSameDeed(one, step)))
  const unserved = taken.filter((wish) => !offers.some((offer) => servesWish(offer, wish)))
  return {
    plan: {
      incident: request.incident,
      type: request.type,
      judgedAt: request.judgedAt,
      row: decision.row.number,
      steps,
      approval: isAutomatic ? { kind: 'automatic' } : { kind: 'people', roles: rolesOf(decision, rungAt) },
      people: isAutomatic ? 0 : isTwoPerson ? 2 : 1,
      duties: decision.duties,
      tier: request.tier,
      requestedBy: request.requestedBy,
      plannedAt: request.plannedAt,
      validMs: PLAN_VALID_MS,
    },
    left: [
      ...held.map(({ words }) => ({
        what: words,
        why: 'it cannot be undone, so that it is not part of an automatic plan',
      })),
      ...unserved.map(({ words }) => ({ what: words, why: 'nobody is connected who can do it' })),
      ...wanted
        .filter((step) => !steps.includes(step))
        .map(({ id, target }) => ({ what: `${id}: ${target.name}`, why: 'it is in effect already' })),
    ],
  }
}

/** What one step does to whom, whatever plan it is of. */
export function isSameDeed(one: PlanStep, other: PlanStep): boolean {
  return deedKey(one) === deedKey(other)
}

function deedKey({ provider, agent, target, deed }: PlanStep): string {
  return JSON.stringify([
    provider,
    agent,
    target.kind,
    target.name,
    target.parts,
    deed.kind === 'rung' ? deed.rung : deed.cut,
  ])
}

function isLetGo(automatic: Automatic, { nature }: Decision['steps'][number]): boolean {
  switch (automatic) {
    case 'off':
      return false
    case 'reversible':
      return nature.isReversible
    case 'table':
      return true
  }
}

type Wish = {
  readonly key: string
  readonly words: string
  readonly deed: PlanStep['deed']
  readonly isReversible: boolean
  readonly needsPerson: boolean
}

/** What the decision asks for now: one of its rungs, its cuts, and the edges to tainted receivers. */
function wishesOf({ steps, cuts, receivers }: Decision, rungAt: number): readonly Wish[] {
  const first = steps[rungAt]
  const cut = (id: string, surface: Surface, verb: Verb) => ({ kind: 'cut', cut: id, surface, verb }) as const
  return [
    ...(first === undefined || first.rung === 'watch'
      ? []
      : [
          {
            key: 'rung',
            words: `hold the workload: ${first.nature.code}`,
            deed: { kind: 'rung', rung: first.rung } as const,
            isReversible: first.nature.isReversible,
            needsPerson: false,
          },
        ]),
    ...cuts.map(({ id, words, surface, verb, isReversible, approval }) => ({
      key: `cut/${id}`,
      words,
      deed: cut(id, surface, verb),
      isReversible,
      needsPerson: approval === 'person',
    })),
    ...receivers
      .filter((receiver) => receiver.do === 'cut-and-sweep')
      .map(({ receiver }) => ({
        key: `edge/${receiver}`,
        words: `cut the edge to ${receiver}`,
        deed: cut('cut-edge', 'S4', 'sever'),
        isReversible: true,
        needsPerson: false,
      })),
  ]
}

function stepsFor(wish: Wish, { offers, incident, ttlMs = HOLD_TTL_MS }: PlanRequest): readonly PlanStep[] {
  return offers
    .filter((offer) => servesWish(offer, wish))
    .toSorted((a, b) => compare(placeOf(a), placeOf(b)))
    .map((offer, at) => ({
      id: at === 0 ? wish.key : `${wish.key}/${at + 1}`,
      incident,
      provider: offer.provider,
      agent: offer.agent,
      target: offer.target,
      deed: wish.deed,
      isReversible: wish.isReversible,
      ttlMs: wish.isReversible ? ttlMs : 0,
    }))
}

function servesWish({ serves }: Offer, { key }: Wish): boolean {
  switch (serves.kind) {
    case 'rung':
      return key === 'rung'
    case 'cut':
      return key === `cut/${serves.cut}`
    case 'edge':
      return key === `edge/${serves.receiver}`
  }
}

function rolesOf(
  { steps, row }: Decision,
  rungAt: number,
): Extract<ResponsePlan['approval'], { kind: 'people' }>['roles'] {
  const approval = steps[rungAt]?.approval
  if (approval === undefined) throw new Error(`row ${row.number} has no step`)
  return approval.kind === 'people' ? approval.roles : approval.told
}

function placeOf({ provider, agent, target }: Offer): string {
  return JSON.stringify([provider, agent, target.kind, target.name, target.parts ?? [], target.state])
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
