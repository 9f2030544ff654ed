import type { DrawnGraph, Query } from '@holdfast/api'
import { aggregate, type AggregatedNode } from '@holdfast/graph'
import type { ExecutionGraph, GraphNode } from '@holdfast/model'
import { outranks } from '@holdfast/model'
import { hubsOf } from './hubs.ts'

/** Contradictions listed with a drawing; each is one line on the page. */
const CONTRADICTIONS = 100
const DRAWN_AT_MOST = 300
const MEMBERS = 50
/** Rivals named on a group, as on a node. */
const RIVALS = 8

type Drawing = Omit<DrawnGraph, 'hubs'>

/** A graph small enough to draw; with its hubs named, and without them where that was asked for. */
export function drawGraph(whole: ExecutionGraph, query: Query<'getDrawnGraph'>): DrawnGraph {
  const draw = (query.mode ?? 'aggregated') === 'aggregated' ? drawAggregated : drawAsRun
  const options = {
    limit: query.limit,
    focus: query.focus,
    hide: listed(query.hide),
    without: listed(query.without),
  }
  const drawn = draw(whole, options)
  const hubs = hubsOf(drawn)
  if (query.hubs !== 'hidden' || hubs.length === 0)
    return { ...drawn, hubs: hubs.map(({ members: _members, ...hub }) => hub) }
  // What is looked for is drawn, whatever it joins.
  const left = hubs.filter(({ members }) => query.focus === undefined || !members.includes(query.focus))
  return {
    ...draw(whole, { ...options, without: [...options.without, ...left.map(({ id }) => id)] }),
    hubs: hubs.map(({ members: _members, ...hub }) => hub),
  }
}

type DrawOptions = {
  readonly limit: number | undefined
  /** Node that must be drawn as itself. */
  readonly focus: string | undefined
  /** Node kinds to leave out. */
  readonly hide: readonly string[]
  /** Nodes, or drawn groups, to leave out. */
  readonly without: readonly string[]
}

function listed(text: string | undefined): readonly string[] {
  return (text ?? '').split(',').filter((part) => part !== '')
}

/** Same-named steps as one node with a counter. */
function drawAggregated(whole: ExecutionGraph, options: DrawOptions): Drawing {
  const graph = without(whole, options)
  const sized = { ...(options.limit === undefined ? {} : { limit: options.limit }), hide: options.without }
  const first = aggregate(graph, sized)
  const group = first.nodes.find(({ members }) => options.focus !== undefined && members.includes(options.focus))
  const folded = group === undefined || group.count === 1 ? first : aggregate(graph, { ...sized, open: [group.id] })
  const byId = new Map(graph.nodes.map((node) => [node.id, node]))
  return {
    mode: 'aggregated',
    nodes: folded.nodes.map((node) => drawnGroup(node, byId)),
    edges: folded.edges.map(({ from, to, kind, count, bases }) => ({
      from,
      to,
      kind,
      basis: bases[0] ?? 'temporal',
      count,
    })),
    total: { nodes: whole.nodes.length, edges: whole.edges.length },
    folded: folded.folded.nodes,
    ...factsOf(whole),
  }
}

/** Every call its own node: all of them where they fit, else the focus, or the trigger, with what is nearest to it. */
function drawAsRun(whole: ExecutionGraph, options: DrawOptions): Drawing {
  const graph = without(whole, options)
  const limit = options.limit ?? DRAWN_AT_MOST
  const shown =
    graph.nodes.length <= limit ? new Set(graph.nodes.map(({ id }) => id)) : nearest(graph, options.focus, limit)
  return {
    mode: 'as-run',
    nodes: graph.nodes
      .filter(({ id }) => shown.has(id))
      .map((node) => ({ ...drawnNode(node), count: 1, members: [node.id] })),
    edges: graph.edges
      .filter(({ from, to }) => shown.has(from) && shown.has(to))
      .map(({ values, ...edge }) => ({ ...edge, ...(values === undefined ? {} : { values: [...values] }), count: 1 })),
    total: { nodes: whole.nodes.length, edges: whole.edges.length },
    folded: whole.nodes.length - shown.size,
    ...factsOf(whole),
  }
}

function without(graph: ExecutionGraph, { hide, without: left }: DrawOptions): ExecutionGraph {
  if (hide.length === 0 && left.length === 0) return graph
  const nodes = graph.nodes.filter(({ kind, id }) => !hide.includes(kind) && !left.includes(id))
  const kept = new Set(nodes.map(({ id }) => id))
  return { ...graph, nodes, edges: graph.edges.filter(({ from, to }) => kept.has(from) && kept.has(to)) }
}

/** Breadth first from the focus, along edges in both directions, in the graph's own order. */
function nearest(graph: ExecutionGraph, focus: string | undefined, limit: number): ReadonlySet<string> {
  const neighbours = new Map<string, string[]>()
  const join = (a: string, b: string): void => {
    const known = neighbours.get(a)
    if (known === undefined) neighbours.set(a, [b])
    else known.push(b)
  }
  for (const { from, to } of graph.edges) {
    join(from, to)
    join(to, from)
  }
  const start =
    graph.nodes.find(({ id }) => id === focus) ?? graph.nodes.find(({ trigger }) => trigger === true) ?? graph.nodes[0]
  const shown = new Set<string>(start === undefined ? [] : [start.id])
  for (const id of shown) {
    for (const next of neighbours.get(id) ?? []) {
      if (shown.size >= limit) return shown
      shown.add(next)
    }
  }
  return shown
}

function drawnNode(node: GraphNode): Omit<DrawnGraph['nodes'][number], 'count' | 'members'> {
  const { events: _events, contents, rivals, tiers, ...rest } = node
  return {
    ...rest,
    contents: [...contents],
    ...(rivals === undefined ? {} : { rivals: [...rivals] }),
    ...(tiers === undefined ? {} : { tiers: [...tiers] }),
  }
}

function drawnGroup(group: AggregatedNode, nodes: ReadonlyMap<string, GraphNode>): DrawnGraph['nodes'][number] {
  const members = group.members.flatMap((id) => nodes.get(id) ?? [])
  const strongest = members.reduce<GraphNode | undefined>(
    (best, node) => (best === undefined || outranks(node.tier, best.tier) ? node : best),
    undefined,
  )
  const rivals = new Set(members.flatMap((node) => node.rivals ?? []))
  return {
    id: group.id,
    kind: group.kind,
    lane: group.lane,
    label: group.label,
    agent: group.agent ?? '',
    ...(group.member === undefined ? {} : { member: group.member }),
    claimedAt: group.firstAt,
    claimedUntil: group.lastAt,
    status: group.errors > 0 ? 'error' : members.every(({ status }) => status === 'unknown') ? 'unknown' : 'ok',
    contents: [...new Set(members.flatMap(({ contents }) => contents))].toSorted(),
    bytes: group.bytes,
    tier: strongest?.tier ?? 'self-reported',
    clock: members.find(({ clock }) => clock !== 'live')?.clock ?? 'live',
    ...(group.trigger === undefined ? {} : { trigger: group.trigger }),
    ...(group.unjoined === undefined ? {} : { unjoined: group.unjoined }),
    ...(rivals.size === 0 ? {} : { rivals: [...rivals].toSorted().slice(0, RIVALS) }),
    ...(members.some(({ contestedCause }) => contestedCause === true) ? { contestedCause: true as const } : {}),
    count: group.count,
    members: group.members.slice(0, MEMBERS),
  }
}

function factsOf({
  contradictions,
  unjoined,
}: ExecutionGraph): Pick<DrawnGraph, 'contradictions' | 'contradictionsTotal' | 'unjoined'> {
  const shown = contradictions
    .slice(0, CONTRADICTIONS)
    .map(({ claimed, seen, ...rest }) => ({ ...rest, claimed: [...claimed], seen: [...seen] }))
  return { contradictions: shown, contradictionsTotal: contradictions.length, unjoined: [...unjoined] }
}
