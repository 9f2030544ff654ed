import type { TrustTier } from '@holdfast/model'
import type { Decision, MadePlan, Offer, Responder, ResponseScope } from '@holdfast/respond'

type Left = MadePlan['left']

/** How far an agent of which signals speak is vouched for. */
type ActorTier = { readonly agent: string; readonly tier: TrustTier }

/**
 * What all responders could do. Workloads are held of those alone that acted: who only received is swept, not held. A responder
 * that cannot be asked is named, and the others are asked all the same.
 */
export async function gatherOffers(
  responders: readonly Responder[],
  {
    scope,
    decision,
    actors,
  }: { readonly scope: ResponseScope; readonly decision: Decision; readonly actors: readonly string[] },
): Promise<{ readonly offers: readonly Offer[]; readonly left: Left }> {
  const asked = await Promise.allSettled(responders.map((responder) => responder.offers(scope, decision)))
  const all = asked.flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
  const isInnocent = (offer: Offer): boolean => isHolding(offer) && !actors.includes(offer.agent)
  const spared = new Set(all.filter(isInnocent).map(({ agent }) => agent))
  return {
    offers: all.filter((offer) => !isInnocent(offer)),
    left: [
      ...asked.flatMap((each, at) =>
        each.status === 'rejected'
          ? [
              {
                what: `what ${responders[at]?.name ?? 'a connector'} could do`,
                why: `it could not be asked: ${each.reason instanceof Error ? each.reason.message : String(each.reason)}`,
              },
            ]
          : [],
      ),
      ...[...spared].map((agent) => ({
        what: `hold ${agent}`,
        why: 'no act of its own speaks for the type: it is swept, not held',
      })),
    ],
  }
}

/**
 * What of it may go without a person: nothing that touches an agent of which agents alone speak, and no hold of one that no
 * signal speaks of (FC7). A person's plan may hold them.
 */
export function vouchedOffers(
  offers: readonly Offer[],
  tiers: readonly ActorTier[],
): { readonly offers: readonly Offer[]; readonly left: Left } {
  const isVouched = (offer: Offer): boolean => {
    const tier = tiers.find(({ agent }) => agent === offer.agent)?.tier
    return tier === undefined ? !isHolding(offer) : tier !== 'self-reported'
  }
  const left = new Set(offers.filter((offer) => !isVouched(offer)).map(({ agent }) => agent))
  return {
    offers: offers.filter(isVouched),
    left: [...left].map((agent) => ({
      what: `touch ${agent}`,
      why: 'of it agents alone speak: that takes a person',
    })),
  }
}

/** A cut of the isolate family bites workload, node or image: it holds no less than a rung does. */
export function isHolding({ serves, target }: Offer): boolean {
  return serves.kind === 'rung' || (serves.kind === 'cut' && ['workload', 'node', 'image'].includes(target.kind))
}
