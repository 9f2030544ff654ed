import { deriveGraph, summarise } from '@holdfast/graph'
import type { ConversationId, Event, EventId, Signal, TrustTier } from '@holdfast/model'
import { outranks } from '@holdfast/model'
import { MAX_GRAPHED, MAX_REFERENCES } from './limits.ts'

/** How far a contradiction speaks. It names no type by itself: it says that what the agent tells is not what happened. */
const STRENGTHS = {
  'effect-without-call': 0.3,
  'call-without-effect': 0.2,
  'different-effect': 0.35,
  'different-telling': 0.35,
} as const

/** Where two tiers tell one act differently, as the graph of the case finds it. Only where somebody else saw what the agent tells. */
export function contradictionSignals(events: readonly Event[], conversation: ConversationId): readonly Signal[] {
  const isSeen =
    events.some(({ source }) => source.tier === 'kernel') || events.some(({ source }) => source.channel === 'tls')
  const isTold = events.some(({ source }) => source.tier !== 'kernel')
  if (!isSeen || !isTold || events.length > MAX_GRAPHED) return []
  const owners = new Map(events.map((event) => [event.id, event]))
  const { contradictions, nodes } = deriveGraph(conversation, events.map(summarise))
  const eventsOf = new Map(nodes.map((node) => [node.id, node.events]))
  return contradictions.flatMap(({ kind, claimed, seen, detail }): readonly Signal[] => {
    const ids = [...claimed, ...seen].flatMap((node) => eventsOf.get(node) ?? [])
    const proofs = [...new Set(ids)].flatMap((id) => owners.get(id as EventId) ?? []).slice(0, MAX_REFERENCES) // nodes are made of these events
    const [first] = proofs.toSorted((a, b) =>
      a.claimedAt < b.claimedAt ? -1 : a.claimedAt > b.claimedAt ? 1 : a.id < b.id ? -1 : 1,
    )
    if (first === undefined) return []
    return [
      {
        id: `contradiction/${kind}.${first.id}`,
        detector: `contradiction/${kind}`,
        source: 'contradiction',
        strength: STRENGTHS[kind],
        surface: 'S2',
        agent: first.agent.id,
        conversation,
        events: proofs.map(({ id }) => id),
        entries: [...new Set(proofs.map(({ entry }) => entry))].toSorted((a, b) => a - b),
        claimedAt: first.claimedAt,
        tier: proofs.reduce<TrustTier>(
          (best, { source: { tier } }) => (outranks(tier, best) ? tier : best),
          'self-reported',
        ),
        words: detail,
        repeatKey: `contradiction/${kind}`,
      },
    ]
  })
}
