import type { EdgeBasis, EdgeKind, EventSummary, SocketEnd } from '@holdfast/model'

import { addCallEdges } from './calls.ts'
import { addDelegations } from './delegations.ts'
import type { Draft } from './draft.ts'
import { resolve } from './draft.ts'
import type { Claim } from './holders.ts'
import type { Claim as EffectClaim } from './kernel-contradictions.ts'
import { isKernelEvent } from './kernel-joins.ts'
import { addNodes } from './nodes.ts'
import type { Span } from './span.ts'
import { linkSpans, mainOf, markRivals, settleMains, spansOf } from './span.ts'
import { addSpanEdges } from './span-edges.ts'
import { settleObservations } from './observations.ts'
import { socketNode } from './socket-node.ts'
import { uniteTools } from './tools.ts'

/**
 * A part is one trace of a conversation, or one session of a source that has no traces. What follows from a part alone
 * is derived here and kept until an event of the part changes; what joins parts is derived in join.ts.
 */
export type PartGraph = {
  /** The trace id, or `session:` and the session, or `agent:` and the agent that told it. */
  readonly key: string
  readonly drafts: readonly Draft[]
  readonly edges: readonly DraftEdge[]
  readonly missingParents: number
  /** Nodes that stand for spans, for the links that other spans make to them. */
  readonly spanNodes: readonly (Claim<string> & { readonly span: string })[]
  readonly links: readonly Link[]
  readonly calls: readonly CallFacts[]
  /** What ran inside a tool call and so came back with its result. */
  readonly outflows: readonly { readonly tool: string; readonly from: string; readonly basis: EdgeBasis }[]
  /** Model calls that followed a tool call in the same scope, by one process's own clock. */
  readonly followers: readonly { readonly tool: string; readonly call: string; readonly basis: EdgeBasis }[]
  /** What a sensor saw under this key; joined with that of all parts, since a process may act in several. */
  readonly kernel: readonly EventSummary[]
  /** Sockets as the agent's own library tells of them. */
  readonly sockets: readonly Socket[]
  readonly claims: readonly EffectClaim[]
}

export type Socket = {
  readonly node: string
  readonly agent: string
  readonly protocol: string
  readonly local: SocketEnd
  readonly remote: SocketEnd
}

/** A span that a node of this part names as its cause. */
export type Link = { readonly trace: string; readonly span: string; readonly to: string; readonly teller: string }

export type DraftEdge = {
  readonly from: string
  readonly to: string
  readonly kind: EdgeKind
  readonly basis: EdgeBasis
  readonly values?: readonly string[]
}

/** What the messages of a model call say about how it came to be made. */
export type CallFacts = {
  readonly call: string
  /** True where the call's agent was given its work by another agent of this part. */
  readonly isDelegated: boolean
  readonly lastRole: string
  readonly lastUser: string | undefined
  readonly inputs: ReadonlySet<string>
}

/** Everything that one derivation of a part writes to. */
export type PartBuild = {
  readonly key: string
  readonly spans: readonly Span[]
  readonly drafts: Map<string, Draft>
  readonly contextNames: Map<string, string>
  readonly edges: DraftEdge[]
  readonly calls: Map<string, MutableCall>
  readonly outflows: PartGraph['outflows'][number][]
  readonly followers: PartGraph['followers'][number][]
  readonly claims: { readonly draft: Draft; readonly effect: EffectClaim['effect'] }[]
}

export type MutableCall = {
  readonly span: Span
  readonly draft: Draft
  /** Entries of the records that told of the call itself. Only their equality counts: the numbers are an accident. */
  readonly entries: Set<number>
  readonly prompts: CallPrompt[]
  readonly outputs: { readonly draft: Draft; readonly entry: number }[]
}

export type CallPrompt = {
  readonly draft: Draft
  readonly entry: number
  readonly ordinal: number
  /** One process told of the whole call, so its times order what its records leave open. */
  readonly at: bigint
  readonly role: string
}

/** Events of one part, sorted by id, without repetition. */
export function derivePart(key: string, events: readonly EventSummary[]): PartGraph {
  const kernel = events.filter(isKernelEvent)
  const build: PartBuild = {
    key,
    spans: spansOf(kernel.length === 0 ? events : events.filter((event) => !isKernelEvent(event))),
    drafts: new Map(),
    contextNames: new Map(),
    edges: [],
    calls: new Map(),
    outflows: [],
    followers: [],
    claims: [],
  }
  for (const span of build.spans) addNodes(build, span)
  settleMains(build.spans)
  settleObservations(build.calls.values())
  markRivals(build.spans)
  const missingParents = linkSpans(build.spans)
  uniteTools(build)
  addSpanEdges(build)
  addDelegations(build)
  addCallEdges(build)
  return finish(build, missingParents, kernel)
}

function finish(build: PartBuild, missingParents: number, kernel: readonly EventSummary[]): PartGraph {
  const drafts = [...build.drafts.values()].filter((draft) => draft.into === undefined)
  const spanNodes: PartGraph['spanNodes'][number][] = []
  const links: Link[] = []
  const sockets: Socket[] = []
  for (const span of build.spans) {
    const main = mainOf(span)
    if (main === undefined) continue
    const { id, teller, tier } = span
    if (id !== undefined) spanNodes.push({ span: id, teller, tier, held: main.id })
    for (const event of span.events) {
      for (const link of event.context.links ?? []) links.push({ ...link, to: main.id, teller })
      const { body } = event
      if (body.kind !== 'socket') continue
      const { protocol, local, remote } = body
      sockets.push({ node: socketNode(event), agent: event.agent.id, protocol, local, remote })
    }
  }
  return {
    key: build.key,
    drafts,
    edges: drafts.length === build.drafts.size ? build.edges : build.edges.map((edge) => settleEnds(build, edge)),
    missingParents,
    spanNodes,
    links,
    calls: [...build.calls.values()].map(callFacts),
    outflows: build.outflows,
    followers: build.followers,
    kernel,
    sockets,
    claims: build.claims.map(({ draft, effect }) => ({ tool: resolve(draft).id, effect })),
  }
}

/** An edge made before one of its ends was found to be another observation of something else. */
function settleEnds(build: PartBuild, edge: DraftEdge): DraftEdge {
  const [from, to] = [build.drafts.get(edge.from), build.drafts.get(edge.to)]
  if (from?.into === undefined && to?.into === undefined) return edge
  return {
    ...edge,
    from: from === undefined ? edge.from : resolve(from).id,
    to: to === undefined ? edge.to : resolve(to).id,
  }
}

function callFacts({ draft, span, prompts }: MutableCall): CallFacts {
  let last: CallPrompt | undefined
  let lastUser: CallPrompt | undefined
  for (const prompt of prompts) {
    if (last === undefined || isLater(prompt, last)) last = prompt
    if (prompt.role === 'user' && (lastUser === undefined || isLater(prompt, lastUser))) lastUser = prompt
  }
  return {
    call: draft.id,
    isDelegated: span.from !== undefined,
    lastRole: last?.role ?? '',
    lastUser: lastUser?.draft.id,
    inputs: new Set(prompts.map((prompt) => prompt.draft.id)),
  }
}

/** Records that hold one message each all count from zero; then the time of the record decides. */
function isLater(a: CallPrompt, b: CallPrompt): boolean {
  return a.ordinal === b.ordinal ? a.at >= b.at : a.ordinal > b.ordinal
}
