import type { ContentState, ExecutionGraph, GraphEdge, GraphNode, Lane, NodeKind, UnjoinedCount } from '@holdfast/model'
import { EDGE_BASES, EDGE_KINDS, outranks } from '@holdfast/model'

import { MAX_EDGES, MAX_NODES } from '../limits.ts'
import type { Draft } from './draft.ts'
import { adjacency, packEdges } from './graph-index.ts'
import type { Conversation } from './join.ts'
import { causalRanks } from './rank.ts'

/** The finished graph: nodes in causal order, those of one rank by id; edges by their ends. Equal input, equal bytes. */
export function assemble(conversation: string, joined: Conversation, triggers: ReadonlySet<string>): ExecutionGraph {
  const ordered = inCausalOrder(joined)
  const kept = ordered.slice(0, MAX_NODES)
  const indexOf = new Map(kept.map((draft, at) => [draft.id, at]))
  const packed = packEdges(joined.edges, indexOf)
  const values = new Map<string, readonly string[]>()
  for (const edge of joined.edges) {
    if (edge.values !== undefined) values.set(`${edge.from}\n${edge.to}\n${edge.kind}`, edge.values)
  }
  const edges: GraphEdge[] = []
  for (let at = 0; at < Math.min(packed.from.length, MAX_EDGES); at++) {
    const from = kept[packed.from[at] ?? 0]?.id ?? ''
    const to = kept[packed.to[at] ?? 0]?.id ?? ''
    const kind = EDGE_KINDS[packed.kind[at] ?? 0] ?? 'contains'
    const basis = EDGE_BASES[packed.basis[at] ?? 0] ?? 'temporal'
    const matched = basis === 'content' && kind === 'carried' ? values.get(`${from}\n${to}\n${kind}`) : undefined
    edges.push(matched === undefined ? { from, to, kind, basis } : { from, to, kind, basis, values: matched })
  }
  return {
    conversation,
    agents: distinct(kept.map((draft) => draft.agent)),
    traces: distinct(joined.parts.flatMap((part) => (/^[0-9a-f]{32}$/.test(part.key) ? [part.key] : []))),
    nodes: kept.map((draft) =>
      nodeOf(draft, {
        isTrigger: triggers.has(draft.id),
        isContested: joined.contested.has(draft.id),
        isUnjoined: joined.unjoined.has(draft.id),
      }),
    ),
    edges,
    contradictions: joined.contradictions,
    unjoined: unjoinedCounts(joined),
    cut: { nodes: ordered.length - kept.length, edges: Math.max(0, packed.from.length - MAX_EDGES), hops: 0 },
  }
}

/** Ranks leave joins by value out: they are inferred from the order that the others give. */
function inCausalOrder(joined: Conversation): readonly Draft[] {
  const drafts = [...joined.drafts.values()]
  const indexOf = new Map(drafts.map((draft, at) => [draft.id, at]))
  const causal = joined.edges.filter((edge) => edge.kind !== 'carried' || edge.values === undefined)
  const ranks = causalRanks(drafts.length, adjacency(drafts.length, packEdges(causal, indexOf), 'out'))
  const order = drafts.map((_draft, at) => at)
  order.sort((a, b) => {
    const [x, y] = [drafts[a], drafts[b]]
    const byRank = (ranks[a] ?? 0) - (ranks[b] ?? 0)
    if (byRank !== 0 || x === undefined || y === undefined) return byRank
    // Times of one clock tell siblings apart; those of two clocks say nothing.
    return compare(x.source, y.source) || compare(x.ownAt, y.ownAt) || compare(x.id, y.id)
  })
  return order.flatMap((at) => drafts[at] ?? [])
}

function compare<T extends string | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}

const LANES: Readonly<Record<NodeKind, Lane>> = {
  message: 'input',
  document: 'input',
  memory: 'input',
  'tool-definition': 'input',
  'model-call': 'reasoning',
  'model-output': 'reasoning',
  guardrail: 'reasoning',
  tool: 'tool',
  delegation: 'tool',
  identity: 'identity',
  'api-call': 'identity',
  agent: 'process',
  step: 'process',
  process: 'process',
  file: 'process',
  'kernel-act': 'process',
  egress: 'network',
  connection: 'network',
}

type Said = { readonly isTrigger: boolean; readonly isContested: boolean; readonly isUnjoined: boolean }

function nodeOf(draft: Draft, { isTrigger, isContested, isUnjoined }: Said): GraphNode {
  const states = new Set<ContentState>()
  let bytes = 0
  for (const facet of [draft.given, draft.got]) {
    if (facet === undefined) continue
    states.add(facet.best.state)
    if ('bytes' in facet.best) bytes += facet.best.bytes
  }
  return {
    id: draft.id,
    kind: draft.kind,
    lane: LANES[draft.kind],
    label: draft.label,
    agent: draft.agent,
    ...(draft.member === undefined ? {} : { member: draft.member }),
    ...(draft.trace === undefined ? {} : { trace: draft.trace }),
    claimedAt: draft.claimedAt.toString(),
    ...(draft.claimedUntil === undefined ? {} : { claimedUntil: draft.claimedUntil.toString() }),
    events: distinct(draft.events),
    status: draft.status,
    contents: [...states].toSorted(),
    bytes,
    tier: draft.tier,
    ...(draft.tiers.length < 2 ? {} : { tiers: draft.tiers.toSorted((a, b) => (outranks(a, b) ? -1 : 1)) }),
    clock: draft.clock,
    ...(isTrigger ? { trigger: true } : {}),
    ...(draft.rivals.length === 0 ? {} : { rivals: draft.rivals }),
    ...(draft.isCauseContested || isContested ? { contestedCause: true } : {}),
    ...(isUnjoined ? { unjoined: true } : {}),
  }
}

/** All of them, those included that the bound on nodes cuts away. */
function unjoinedCounts({ drafts, unjoined }: Conversation): readonly UnjoinedCount[] {
  const found = [...unjoined].flatMap((id) => drafts.get(id) ?? [])
  return [...Map.groupBy(found, ({ kind }) => kind)]
    .map(([kind, all]) => ({
      kind,
      nodes: all.length,
      events: all.reduce((sum, { events }) => sum + events.length, 0),
    }))
    .toSorted((a, b) => compare(a.kind, b.kind))
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].toSorted()
}
