import type { Contradiction, ExecutionGraph } from '@holdfast/model'

import { assemble } from './assemble.ts'
import { joinByContent } from './content-joins.ts'
import { carryValues } from './carried.ts'
import type { Draft } from './draft.ts'
import { absorb, copyDraft } from './draft.ts'
import type { CallFacts, DraftEdge, PartGraph } from './part.ts'
import { Holders } from './holders.ts'
import { joinKernel } from './kernel-joins.ts'
import { joinStatedDelegations } from './stated-delegations.ts'
import { joinResults, joinReturns } from './results.ts'
import { joinSessions } from './sessions.ts'
import { findTriggers } from './triggers.ts'
import type { UnitedTellings } from './united-tellings.ts'
import { uniteTellings } from './united-tellings.ts'

/** A conversation while its parts are joined. Owned by one derivation. */
export type Conversation = {
  readonly parts: readonly PartGraph[]
  readonly drafts: Map<string, Draft>
  readonly edges: DraftEdge[]
  readonly calls: ReadonlyMap<string, CallFacts>
  /** The model call that a model output came from. */
  readonly callOfOutput: ReadonlyMap<string, string>
  /** Model calls that asked for a tool call. */
  readonly requesters: ReadonlyMap<string, readonly string[]>
  /** Nodes that name a cause in another part which several claim. */
  readonly contested: Set<string>
  readonly contradictions: Contradiction[]
  /** Nodes of the kernel that no act of the agent leads to. */
  readonly unjoined: Set<string>
}

/** Facts about a derivation that the graph itself has no place for. */
export type GraphFacts = {
  readonly parts: number
  readonly events: number
  /** Distinct parent spans that are named and never arrived; their children stand as roots. */
  readonly missingParents: number
  /** Events refused because the conversation is past its bound. */
  readonly refused: number
}

/** Joins the parts of a conversation, given in the order of their keys. */
export function joinParts(conversation: string, parts: readonly PartGraph[]): ExecutionGraph {
  const united = uniteTellings(parts)
  const joined = gather(united)
  for (const found of united.contradictions) joined.contradictions.push(found)
  joinKernel(joined)
  joinLinks(joined)
  joinStatedDelegations(joined)
  joinResults(joined)
  joinSessions(joined)
  joinByContent(joined)
  joinReturns(joined)
  carryValues(joined)
  return assemble(conversation, joined, findTriggers(joined))
}

function gather({ parts, seconds }: UnitedTellings): Conversation {
  const drafts = new Map<string, Draft>()
  const copied = new Set<string>()
  const edges: DraftEdge[] = []
  const calls = new Map<string, CallFacts>()
  const add = (draft: Draft): void => {
    const known = drafts.get(draft.id)
    if (known === undefined) {
      drafts.set(draft.id, draft)
      return
    }
    // A part keeps its drafts for the next snapshot, so what parts share is merged in a copy.
    const target = copied.has(draft.id) ? known : copyDraft(known)
    copied.add(draft.id)
    drafts.set(draft.id, target)
    absorb(target, draft)
  }
  for (const part of parts) {
    for (const draft of part.drafts) add(draft)
    for (const edge of part.edges) edges.push(edge)
    for (const facts of part.calls) calls.set(facts.call, facts)
  }
  // Where it was seen is another trace than the one it belongs to.
  for (const draft of seconds) add({ ...draft, trace: drafts.get(draft.id)?.trace })
  const callOfOutput = new Map<string, string>()
  for (const edge of edges) if (edge.kind === 'produced') callOfOutput.set(edge.to, edge.from)
  const requesters = new Map<string, string[]>()
  for (const edge of edges) {
    if (edge.kind !== 'requested') continue
    const call = callOfOutput.get(edge.from) ?? edge.from
    const known = requesters.get(edge.to)
    if (known === undefined) requesters.set(edge.to, [call])
    else known.push(call)
  }
  const found = { contested: new Set<string>(), contradictions: [], unjoined: new Set<string>() }
  return { parts, drafts, edges, calls, callOfOutput, requesters, ...found }
}

/** A link names the span that caused this one, in whatever trace: work handed over without nesting. */
function joinLinks(joined: Conversation): void {
  if (joined.parts.every((part) => part.links.length === 0)) return
  const holders = new Holders<string>()
  for (const part of joined.parts) for (const claim of part.spanNodes) holders.add(`${part.key}.${claim.span}`, claim)
  for (const part of joined.parts) {
    for (const { trace, span, to, teller } of part.links) {
      const from = holders.find(`${trace}.${span}`, teller)
      if (from.status === 'contested') joined.contested.add(to)
      if (from.status === 'held') joined.edges.push({ from: from.held, to, kind: 'delegated', basis: 'trace' })
    }
  }
}
