import type { EdgeBasis, EdgeKind, ExecutionGraph, GraphNode } from '@holdfast/model'
import { EDGE_BASES } from '@holdfast/model'

import type { AggregatedEdge, AggregatedGraph, AggregatedNode, AggregateOptions } from './answers.ts'
import { short } from './derive/draft.ts'
import { AGGREGATE_AT_FIRST, AGGREGATE_MAX, MAX_MEMBERS } from './limits.ts'

/**
 * The graph as a person can take it in: steps of one name and agent become one node with a counter, and loops stay
 * loops. Where that is still more than may be shown, the least telling groups are folded by agent and kind, then by
 * kind. Nothing disappears unsaid: every node is counted in one group or among the hidden.
 */
export function aggregate(graph: ExecutionGraph, options: AggregateOptions = {}): AggregatedGraph {
  const limit = Math.max(1, Math.min(options.limit ?? AGGREGATE_AT_FIRST, AGGREGATE_MAX))
  const hide = new Set(options.hide)
  const steps = groupNodes(graph, hide)
  const opened = openGroups(steps, new Set(options.open))
  const groups = foldToFit(opened, options.open === undefined ? limit : AGGREGATE_MAX).toSorted(inOrder)
  const groupOf = new Map<string, number>()
  for (const [at, group] of groups.entries()) for (const node of group.nodes) groupOf.set(node.id, at)
  const nodes = groups.map(describe)
  const shown = nodes.reduce((sum, node) => sum + node.count, 0)
  const folds = nodes.filter((node) => node.count > 1)
  return {
    conversation: graph.conversation,
    nodes,
    edges: foldEdges(graph, groups, groupOf),
    total: { nodes: graph.nodes.length, edges: graph.edges.length },
    folded: {
      groups: folds.length,
      nodes: folds.reduce((sum, node) => sum + node.count, 0),
      forSpace: nodes.filter((node) => node.fold === 'agent-kind' || node.fold === 'kind').length,
    },
    hidden: graph.nodes.length - shown,
  }
}

type Group = {
  readonly id: string
  readonly fold: AggregatedNode['fold']
  readonly nodes: readonly GraphNode[]
  /** Place of the first node in the graph's causal order. */
  readonly at: number
}

function groupNodes(graph: ExecutionGraph, hide: ReadonlySet<string>): readonly Group[] {
  const groups = new Map<string, { readonly at: number; readonly nodes: GraphNode[] }>()
  for (const [at, node] of graph.nodes.entries()) {
    if (hide.has(node.id)) continue
    const key = JSON.stringify([node.kind, node.agent, node.member ?? '', node.label, ...unjoinedMark(node)])
    const known = groups.get(key)
    if (known === undefined) groups.set(key, { at, nodes: [node] })
    else known.nodes.push(node)
  }
  return [...groups]
    .map(([key, { at, nodes }]): Group => ({ id: `step.${short(key)}`, fold: 'step', nodes, at }))
    .filter((group) => !hide.has(group.id))
}

/** Opened groups show their nodes one by one, as far as the most that is ever drawn allows. */
function openGroups(groups: readonly Group[], open: ReadonlySet<string>): readonly Group[] {
  let room = AGGREGATE_MAX - groups.length
  return groups.flatMap((group) => {
    if (!open.has(group.id) || group.nodes.length - 1 > room) return [group]
    room -= group.nodes.length - 1
    return group.nodes.map((node): Group => ({ id: node.id, fold: 'node', nodes: [node], at: group.at }))
  })
}

/** Keeps the weightiest groups as they are and folds the rest; of both ways to fold, the one that says more if it fits. */
function foldToFit(groups: readonly Group[], limit: number): readonly Group[] {
  if (groups.length <= limit) return groups
  const weighed = groups.map((group) => ({ group, weight: weightOf(group) }))
  weighed.sort((a, b) => b.weight - a.weight || (a.group.id < b.group.id ? -1 : 1))
  const ranked = weighed.map(({ group }) => group)
  for (const fold of ['agent-kind', 'kind'] as const) {
    const keys = ranked.map((group) => foldKey(group, fold))
    const keep = mostKept(keys, limit)
    if (keep !== undefined) return [...ranked.slice(0, keep), ...foldRest(ranked, keys, { fold, keep })]
  }
  // Fewer than the kinds there are: the weightiest alone, and the rest counted as hidden.
  return ranked.slice(0, limit)
}

function foldKey(group: Group, fold: 'agent-kind' | 'kind'): string {
  const [first] = group.nodes
  const mark = first === undefined ? [] : unjoinedMark(first)
  return JSON.stringify(fold === 'kind' ? [first?.kind, ...mark] : [first?.kind, first?.agent, ...mark])
}

/** What is joined to no act of the agent is never folded with what is. */
function unjoinedMark({ unjoined }: GraphNode): readonly string[] {
  return unjoined === true ? ['unjoined'] : []
}

/** The most groups that can be kept so that they and the folds of all others fit. */
function mostKept(keys: readonly string[], limit: number): number | undefined {
  const folds = new Set<string>()
  for (let keep = keys.length - 1; keep >= 0; keep--) {
    folds.add(keys[keep] ?? '')
    if (keep + folds.size <= limit) return keep
  }
  return undefined
}

/** What set things off, what went wrong, what acts on the world, and only then how often. */
function weightOf(group: Group): number {
  const [first] = group.nodes
  const isTrigger = group.nodes.some((node) => node.trigger === true)
  const isError = group.nodes.some((node) => node.status === 'error')
  const kind = first === undefined ? 0 : (KIND_WEIGHT[first.kind] ?? 0)
  return (
    (isTrigger ? 1_000 : 0) +
    (group.fold === 'node' ? 800 : 0) +
    (isError ? 400 : 0) +
    kind * 10 +
    Math.log2(group.nodes.length + 1)
  )
}

const KIND_WEIGHT: Readonly<Record<GraphNode['kind'], number>> = {
  delegation: 20,
  egress: 19,
  'api-call': 19,
  'kernel-act': 19,
  connection: 18,
  process: 17,
  file: 8,
  tool: 18,
  agent: 17,
  identity: 16,
  memory: 12,
  document: 11,
  guardrail: 10,
  'model-call': 9,
  'model-output': 6,
  message: 5,
  'tool-definition': 3,
  step: 1,
}

function foldRest(
  ranked: readonly Group[],
  keys: readonly string[],
  { fold, keep }: { readonly fold: 'agent-kind' | 'kind'; readonly keep: number },
): readonly Group[] {
  const folded = new Map<string, Group[]>()
  for (const [at, group] of ranked.entries()) {
    if (at < keep) continue
    const key = keys[at] ?? ''
    const known = folded.get(key)
    if (known === undefined) folded.set(key, [group])
    else known.push(group)
  }
  return [...folded].map(([key, members]): Group => {
    const [only] = members
    if (only !== undefined && members.length === 1) return only
    return {
      id: `${fold}.${short(key)}`,
      fold,
      nodes: members.flatMap((group) => group.nodes),
      at: members.reduce((first, group) => Math.min(first, group.at), Infinity),
    }
  })
}

/** Groups stand in the causal order of their first nodes. */
function inOrder(a: Group, b: Group): number {
  return a.at - b.at || (a.id < b.id ? -1 : 1)
}

function describe(group: Group): AggregatedNode {
  const [first] = group.nodes
  if (first === undefined) throw new Error('a group without nodes')
  const { nodes, fold } = group
  const agents = new Set(nodes.map((node) => node.agent))
  const members = new Set(nodes.map((node) => node.member))
  let [firstAt, lastAt] = [BigInt(first.claimedAt), BigInt(first.claimedAt)]
  for (const node of nodes) {
    const at = BigInt(node.claimedAt)
    if (at < firstAt) firstAt = at
    if (at > lastAt) lastAt = at
  }
  return {
    id: group.id,
    kind: first.kind,
    lane: first.lane,
    label: fold === 'step' || fold === 'node' ? first.label : `${nodes.length} of kind ${first.kind}`,
    ...(agents.size === 1 ? { agent: first.agent } : {}),
    ...(members.size === 1 && first.member !== undefined ? { member: first.member } : {}),
    fold: nodes.length === 1 ? 'node' : fold,
    count: nodes.length,
    errors: nodes.filter((node) => node.status === 'error').length,
    members: nodes.slice(0, MAX_MEMBERS).map((node) => node.id),
    bytes: nodes.reduce((sum, node) => sum + node.bytes, 0),
    firstAt: firstAt.toString(),
    lastAt: lastAt.toString(),
    ...(nodes.some((node) => node.trigger === true) ? { trigger: true } : {}),
    ...(first.unjoined === true ? { unjoined: true } : {}),
  }
}

/** One edge for each pair of groups and kind. An edge inside a group stays, from the group to itself: a loop is a loop. */
function foldEdges(
  graph: ExecutionGraph,
  groups: readonly Group[],
  groupOf: ReadonlyMap<string, number>,
): readonly AggregatedEdge[] {
  const folded = new Map<string, { from: number; to: number; kind: EdgeKind; count: number; bases: Set<EdgeBasis> }>()
  for (const edge of graph.edges) {
    const [from, to] = [groupOf.get(edge.from), groupOf.get(edge.to)]
    if (from === undefined || to === undefined) continue
    const key = `${from} ${to} ${edge.kind}`
    const known = folded.get(key)
    if (known === undefined) folded.set(key, { from, to, kind: edge.kind, count: 1, bases: new Set([edge.basis]) })
    else {
      known.count++
      known.bases.add(edge.basis)
    }
  }
  return [...folded.values()]
    .toSorted((a, b) => a.from - b.from || a.to - b.to || (a.kind < b.kind ? -1 : 1))
    .map(({ from, to, kind, count, bases }) => ({
      from: groups[from]?.id ?? '',
      to: groups[to]?.id ?? '',
      kind,
      count,
      bases: EDGE_BASES.filter((basis) => bases.has(basis)),
    }))
}
