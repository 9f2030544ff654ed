import type { EventSummary } from '@holdfast/model'

import { findContradictions } from './kernel-contradictions.ts'
import type { Act } from './kernel-acts.ts'
import { actEdges, actsOf, tupleOf } from './kernel-acts.ts'
import type { Image } from './kernel-images.ts'
import { byKernelClock, imagesOf } from './kernel-images.ts'
import { Holders } from './holders.ts'
import type { Conversation } from './join.ts'
import type { DraftEdge, PartGraph } from './part.ts'

/** Which events a sensor saw. What the agent's library says of its sockets is told by the agent and is not among them. */
export function isKernelEvent({ body }: EventSummary): boolean {
  switch (body.kind) {
    case 'process':
    case 'file':
    case 'connection':
    case 'dns':
    case 'kernel':
    case 'syscall-set':
      return true
    case 'prompt':
    case 'model-call':
    case 'model-output':
    case 'tool-definition':
    case 'tool-call':
    case 'tool-result':
    case 'context-item':
    case 'memory':
    case 'invocation':
    case 'delegation':
    case 'identity':
    case 'guardrail':
    case 'egress':
    case 'step':
    case 'socket':
    case 'tool-catalogue':
    case 'component':
    case 'declaration':
    case 'api-call':
    case 'change':
    case 'control':
      return false
  }
}

/**
 * Adds what the kernel saw: a node for each program that a process ran and for what it did, joined to the acts of the
 * agent by the trace context of its environment, by descent, and by sockets. What none of these joins stays without a
 * parent; no clock of the agent is looked at.
 */
export function joinKernel(joined: Conversation): void {
  const events = joined.parts.flatMap((part) => part.kernel)
  if (events.length === 0) return
  const sorted = events.toSorted(byKernelClock)
  const images = imagesOf(sorted)
  const acts = actsOf(sorted, images)
  for (const { draft } of images.all) joined.drafts.set(draft.id, draft)
  for (const { draft } of acts) joined.drafts.set(draft.id, draft)
  const own = [...lineageEdges(images.all), ...actEdges(acts)]
  const fromActs = [...contextEdges(joined, images.all), ...socketEdges(joined.parts, acts)]
  for (const edge of [...own, ...fromActs]) joined.edges.push(edge)
  const reached = reachedFrom(fromActs, own)
  for (const { draft } of [...images.all, ...acts]) if (!reached.has(draft.id)) joined.unjoined.add(draft.id)
  for (const found of findContradictions(joined, images.all, acts)) joined.contradictions.push(found)
}

/** What an act of the agent leads to, itself or through what the kernel says of descent. */
function reachedFrom(fromActs: readonly DraftEdge[], own: readonly DraftEdge[]): ReadonlySet<string> {
  const next = Map.groupBy(own, ({ from }) => from)
  const reached = new Set(fromActs.map(({ to }) => to))
  // A set is iterated in the order of insertion, what comes while it is iterated as well.
  for (const id of reached) for (const { to } of next.get(id) ?? []) reached.add(to)
  return reached
}

function lineageEdges(images: readonly Image[]): readonly DraftEdge[] {
  return images.flatMap((image): readonly DraftEdge[] => {
    const from = image.before ?? image.parent
    return from === undefined ? [] : [{ from: from.draft.id, to: image.draft.id, kind: 'spawned', basis: 'lineage' }]
  })
}

/**
 * An act to the first process of its context: one that was started with the act's span in its environment by a process
 * that has another. Its descendants follow by lineage. A context that holds for a whole run says nothing of an act.
 */
function contextEdges(joined: Conversation, images: readonly Image[]): readonly DraftEdge[] {
  const holders = new Holders<string>()
  for (const part of joined.parts) for (const claim of part.spanNodes) holders.add(`${part.key}.${claim.span}`, claim)
  return images.flatMap((image): readonly DraftEdge[] => {
    const { trace, span, basis } = image
    if (trace === undefined || span === undefined || (basis !== 'environment' && basis !== 'lineage')) return []
    const above = image.before ?? image.parent
    if (above?.trace === trace && above.span === span && above.basis !== 'run') return []
    // A descendant whose ancestor is recorded under another context came by it in a way that nobody saw.
    if (basis === 'lineage' && above !== undefined) return []
    const act = holders.find(`${trace}.${span}`, image.teller)
    if (act.status === 'contested') joined.contested.add(image.draft.id)
    if (act.status !== 'held') return []
    return [{ from: act.held, to: image.draft.id, kind: 'spawned', basis: basis === 'lineage' ? 'lineage' : 'trace' }]
  })
}

/** A socket as the agent tells of it is the connection of that five-tuple, where there is only one such in sight. */
function socketEdges(parts: readonly PartGraph[], acts: readonly Act[]): readonly DraftEdge[] {
  const byTuple = new Map<string, Act[]>()
  for (const act of acts) {
    for (const tuple of act.tuples) {
      const known = byTuple.get(tuple)
      if (known === undefined) byTuple.set(tuple, [act])
      else known.push(act)
    }
  }
  return parts.flatMap((part) =>
    part.sockets.flatMap(({ node, agent, protocol, local, remote }): readonly DraftEdge[] => {
      const found = byTuple.get(tupleOf(protocol, local, remote)) ?? []
      // Private addresses are used again on every host: then the agent tells them apart, or nothing does.
      const own = found.length === 1 ? found : found.filter(({ draft }) => draft.agent === agent)
      const [only, ...others] = own
      if (only === undefined || others.length > 0) return []
      return [{ from: node, to: only.draft.id, kind: 'connected', basis: 'socket' }]
    }),
  )
}
