import { formatRfc3339, type ResponsePolicy, TRUST_TIERS, type TrustTier, type UnixNano } from '@holdfast/model'
import {
  type Automatic,
  type Decision,
  type MadePlan,
  makePlan,
  type Offer,
  type PlanStep,
  PROGRAM,
  type Responder,
  type ResponseScope,
} from '@holdfast/respond'
import { gatherOffers, isHolding, vouchedOffers } from './gather-offers.ts'
import { agentsOf, isTwoPerson } from './policy.ts'
import { Situations, type Situation } from './situation.ts'

export type DraftRequest = {
  readonly incident: Situation['incident']
  readonly decision: Decision
  readonly scope: ResponseScope
  readonly policy: ResponsePolicy
  /** A person by name; undefined where the program asks. */
  readonly by: string | undefined
  readonly automatic: Automatic
  readonly plannedAt: UnixNano
  readonly standing: readonly PlanStep[]
  readonly ttlMs: number | undefined
}

/**
 * What the connected responders could do of a decision, as a plan. Where it would go without a person, it touches none of whom
 * agents alone speak, and where nobody is left then, people are asked about all of them (FC7).
 */
export async function draftPlan(responders: readonly Responder[], request: DraftRequest): Promise<MadePlan> {
  const { incident, decision, scope, automatic } = request
  const { offers, left } = await gatherOffers(responders, { scope, decision, actors: incident.actors })
  const gone = nowhere(request, offers)
  const withLeft = (of: MadePlan['left'], { plan, left: own }: MadePlan): MadePlan => ({
    plan,
    left: [...of, ...own, ...gone],
  })
  const all = drafted(request, { offers, tier: incident.tier, automatic })
  const byPeople = (): MadePlan => withLeft(left, drafted(request, { offers, tier: incident.tier, automatic: 'off' }))
  if (all.plan.approval.kind === 'people') return withLeft(left, all)
  const vouched = incident.actorTiers.filter(({ tier }) => tier !== 'self-reported')
  if (vouched.length === 0) return byPeople()
  const alone = vouchedOffers(offers, incident.actorTiers)
  const touched = agentsOf(all.plan.steps)
  const tier = weakest(vouched.filter(({ agent }) => touched.includes(agent)).map((one) => one.tier))
  const plan = drafted(request, { offers: alone.offers, tier: tier ?? incident.tier, automatic })
  return plan.plan.steps.length === 0 && alone.left.length > 0 ? byPeople() : withLeft([...left, ...alone.left], plan)
}

/**
 * Who acted and is nowhere to be held, with the next step. Of the softest rung a responder may offer nothing of an agent that does
 * run: then nothing is said.
 */
function nowhere({ incident, decision, scope }: DraftRequest, offers: readonly Offer[]): MadePlan['left'] {
  const rung = decision.steps[0]?.rung ?? decision.rung
  if (rung === 'watch' || rung === 'restrict') return []
  const last = incident.harmfulActs.at(-1)
  // Written from a UnixNano.
  const acted =
    last === undefined ? '' : `; the last act of it on record is of ${formatRfc3339(BigInt(last) as UnixNano)}`
  return incident.actors
    .filter((agent) => !offers.some((offer) => offer.agent === agent && isHolding(offer)))
    .map((agent) => ({
      what: `hold ${nameIn(scope, agent)}`,
      why: `nothing of ${nameIn(scope, agent)} runs where a connected sensor, cluster or account could hold it${acted}. Where it still runs, start it under holdfast run, or connect that place (holdfast connectors)`,
    }))
}

type Draft = { readonly offers: readonly Offer[]; readonly tier: TrustTier; readonly automatic: Automatic }

/** Whether it takes two people is seen by whom the steps touch, which is more than who acted. */
function drafted(request: DraftRequest, { offers, tier, automatic }: Draft): MadePlan {
  const { incident, decision, scope, policy, by, plannedAt, standing, ttlMs } = request
  const once = (isDouble: boolean): MadePlan =>
    makePlan({
      decision,
      incident: incident.id,
      type: incident.type,
      judgedAt: Situations.judgedAt(incident),
      tier,
      offers,
      requestedBy: by ?? PROGRAM,
      plannedAt,
      isTwoPerson: isDouble,
      automatic,
      standing,
      ...(ttlMs === undefined ? {} : { ttlMs }),
    })
  const made = once(false)
  const agents = agentsOf(made.plan.steps).flatMap((agent) => [agent, nameIn(scope, agent)])
  return isTwoPerson(policy, { rung: decision.rung, agents }) ? once(true) : made
}

/** The name of an agent where the scope has one. */
export function nameIn({ agents }: ResponseScope, agent: string): string {
  return agents.find(({ id }) => id === agent)?.name ?? agent
}

function weakest(tiers: readonly TrustTier[]): TrustTier | undefined {
  return tiers.toSorted((a, b) => TRUST_TIERS.indexOf(b) - TRUST_TIERS.indexOf(a))[0]
}
