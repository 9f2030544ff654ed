import type { Decision, MadePlan, Offer, Responder, ResponseScope } from '@holdfast/respond'

type Left = MadePlan['left']

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
  // A cut of the isolate family bites workload, node or image: it holds no less than a rung does.
  const isHolding = ({ serves, target }: Offer): boolean =>
    serves.kind === 'rung' || (serves.kind === 'cut' && ['workload', 'node', 'image'].includes(target.kind))
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
