import type { ExecutionGraph, GraphNode } from '@holdfast/model'

/** A node of one conversation's graph. */
export type NodeAt = { readonly conversation: string; readonly node: string }

/**
 * Something that went from nodes to nodes, of one conversation or several: each of the first may have reached each of the second. It is
 * walked as one node between them, since what many wrote and many read has as many pairs as both multiplied.
 */
export type Crossing = { readonly from: readonly NodeAt[]; readonly to: readonly NodeAt[] }

/** Several graphs as one, by numbers: the neighbours after node `n` are `ends[starts[n]]` up to `ends[starts[n + 1]]`. */
export type JoinedGraph = {
  readonly nodes: readonly GraphNode[]
  /** Those of the graphs, and after them one for each crossing. */
  readonly size: number
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly indexOf: (place: NodeAt) => number | undefined
  readonly placeOf: (at: number) => NodeAt
}

/** Edges and crossings that name a node which is not there are left out: their other end is walked all the same. */
export function joinGraphs(graphs: readonly ExecutionGraph[], crossings: readonly Crossing[]): JoinedGraph {
  const nodes: GraphNode[] = []
  const conversationOf: string[] = []
  const indexes = new Map<string, Map<string, number>>()
  for (const graph of graphs) {
    const index = indexes.get(graph.conversation) ?? new Map<string, number>()
    indexes.set(graph.conversation, index)
    for (const node of graph.nodes) {
      if (index.has(node.id)) continue
      index.set(node.id, nodes.length)
      nodes.push(node)
      conversationOf.push(graph.conversation)
    }
  }
  const indexOf = ({ conversation, node }: NodeAt): number | undefined => indexes.get(conversation)?.get(node)
  const crossed = crossings.reduce((sum, { from, to }) => sum + from.length + to.length, 0)
  const pairs = new Pairs(graphs.reduce((sum, { edges }) => sum + edges.length, crossed))
  for (const { conversation, edges } of graphs) {
    const index = indexes.get(conversation)
    for (const { from, to } of edges) pairs.add(index?.get(from), index?.get(to))
  }
  crossings.forEach(({ from, to }, at) => {
    const between = nodes.length + at
    for (const place of from) pairs.add(indexOf(place), between)
    for (const place of to) pairs.add(between, indexOf(place))
  })
  const size = nodes.length + crossings.length
  return {
    nodes,
    size,
    ...adjacency(size, pairs),
    indexOf,
    placeOf: (at) => ({ conversation: conversationOf[at] ?? '', node: nodes[at]?.id ?? '' }),
  }
}

export type ClosureOptions = {
  readonly starts: readonly number[]
  /** Nodes that are walked; what is not open is neither reached nor passed. */
  readonly isOpen: (at: number) => boolean
  readonly limit: number
}

/**
 * Every node after the starts, the starts included, in the order of the nodes. `cut` counts what the limit left out. What stands between
 * nodes is walked and not told.
 */
export function forwardClosure(
  { nodes, size, starts, ends }: Pick<JoinedGraph, 'nodes' | 'size' | 'starts' | 'ends'>,
  { starts: from, isOpen, limit }: ClosureOptions,
): { readonly reached: readonly number[]; readonly cut: number } {
  const seen = new Uint8Array(size)
  const queue: number[] = []
  let told = 0
  let cut = 0
  const visit = (at: number): void => {
    const isBetween = at >= nodes.length
    if (seen[at] === 1 || (!isBetween && !isOpen(at))) return
    seen[at] = 1
    if (isBetween || told < limit) queue.push(at)
    else cut++
    if (!isBetween) told++
  }
  for (const at of from) visit(at)
  for (let head = 0; head < queue.length; head++) {
    const at = queue[head] ?? 0
    for (let slot = starts[at] ?? 0; slot < (starts[at + 1] ?? 0); slot++) visit(ends[slot] ?? 0)
  }
  return { reached: queue.filter((at) => at < nodes.length).toSorted((a, b) => a - b), cut }
}

/** Edges as two columns of numbers; a million of them are no million objects. */
class Pairs {
  readonly from: Int32Array
  readonly to: Int32Array
  count = 0

  constructor(size: number) {
    this.from = new Int32Array(size)
    this.to = new Int32Array(size)
  }

  add(from: number | undefined, to: number | undefined): void {
    if (from === undefined || to === undefined) return
    this.from[this.count] = from
    this.to[this.count] = to
    this.count++
  }
}

/** Counts, sums up, fills: two passes over the pairs. */
function adjacency(size: number, { from, to, count }: Pairs): Pick<JoinedGraph, 'starts' | 'ends'> {
  const starts = new Int32Array(size + 1)
  for (let pair = 0; pair < count; pair++) {
    const next = (from[pair] ?? 0) + 1
    starts[next] = (starts[next] ?? 0) + 1
  }
  for (let at = 0; at < size; at++) starts[at + 1] = (starts[at + 1] ?? 0) + (starts[at] ?? 0)
  const fill = starts.slice()
  const ends = new Int32Array(count)
  for (let pair = 0; pair < count; pair++) {
    const start = from[pair] ?? 0
    const slot = fill[start] ?? 0
    ends[slot] = to[pair] ?? 0
    fill[start] = slot + 1
  }
  return { starts, ends }
}
