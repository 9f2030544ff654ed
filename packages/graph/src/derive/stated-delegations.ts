import type { Draft } from './draft.ts'
import { Holders } from './holders.ts'
import type { Conversation } from './join.ts'

/**
 * Both sides of a delegation tell of one id, each in a node of its own: an id is what a sender claims, and what a
 * stranger says under it must not get into the giver's node. A receiver is joined to the one giver of its id; where
 * several claim to have given it, none of a stronger tier, to none, and its node says so.
 */
export function joinStatedDelegations(joined: Conversation): void {
  const givers = new Holders<Draft>()
  const takers: Draft[] = []
  for (const draft of joined.drafts.values()) {
    const { callId, teller, tier } = draft
    if (draft.kind !== 'delegation' || callId === undefined) continue
    if (draft.isGiven) givers.add(callId, { teller, tier, held: draft })
    if (draft.isReceived) takers.push(draft)
  }
  for (const taker of takers) {
    const giver = givers.find(taker.callId ?? '', taker.teller)
    if (giver.status === 'contested') joined.contested.add(taker.id)
    // A process that tells of both sides has one node for both.
    if (giver.status !== 'held' || giver.held === taker) continue
    joined.edges.push({ from: giver.held.id, to: taker.id, kind: 'delegated', basis: 'call-id' })
  }
}
