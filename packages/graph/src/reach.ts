import type { ExecutionGraph, GraphEdge } from '@holdfast/model'
import { isProven } from '@holdfast/model'

import type { Reach, ReachedNode, ReachOptions } from './answers.ts'
import type { Adjacency } from './derive/graph-index.ts'
import { adjacency } from './derive/graph-index.ts'
import { MAX_HOPS, MAX_REACH_NODES } from './limits.ts'

/** What did this node reach: all that it entered, asked for, caused or handed on. Undefined where there is no such node. */
export function forward(graph: ExecutionGraph, nodeId: string, options: ReachOptions = {}): Reach | undefined {
  return reach(graph, nodeId, 'forward', options)
}

/** What made this node happen, with the path from the nearest trigger first. Undefined where there is no such node. */
export function backward(graph: ExecutionGraph, nodeId: string, options: ReachOptions = {}): Reach | undefined {
  return reach(graph, nodeId, 'backward', options)
}

function reach(
  graph: ExecutionGraph,
  nodeId: string,
  direction: Reach['direction'],
  options: ReachOptions,
): Reach | undefined {
  const view = new GraphView(graph, direction)
  const start = view.indexOf.get(nodeId)
  if (start === undefined) return undefined
  const bounds = {
    hops: Math.min(options.hops ?? MAX_HOPS, MAX_HOPS),
    nodes: Math.min(options.nodes ?? MAX_REACH_NODES, MAX_REACH_NODES),
  }
  const walks = (from: number): readonly [Walk, Walk] => {
    const byProven = walk(view, from, { ...bounds, provenOnly: true })
    return [byProven, options.provenOnly === true ? byProven : walk(view, from, { ...bounds, provenOnly: false })]
  }
  const [proven, all] = walks(start)
  const nodes = all.order.slice(1).map((at): ReachedNode => ({
    id: graph.nodes[at]?.id ?? '',
    hops: all.hops[at] ?? 0,
    proven: (proven.hops[at] ?? -1) >= 0,
  }))
  const isInside = (at: number): boolean => (all.hops[at] ?? -1) >= 0
  return {
    direction,
    start: nodeId,
    nodes,
    edges: graph.edges.filter(
      (edge, at) =>
        isInside(view.from[at] ?? 0) &&
        isInside(view.to[at] ?? 0) &&
        (options.provenOnly !== true || isProven(edge.basis)),
    ),
    triggerPath: direction === 'backward' ? triggerPath(view, { walks, proven, all, via: options.via }) : [],
    cut: all.cut,
  }
}

/** A graph by numbers, with the neighbours that a walk in one direction needs. */
class GraphView {
  readonly graph: ExecutionGraph
  readonly indexOf: ReadonlyMap<string, number>
  readonly from: Int32Array
  readonly to: Int32Array
  readonly proven: Uint8Array
  readonly next: Adjacency

  constructor(graph: ExecutionGraph, direction: Reach['direction']) {
    this.graph = graph
    this.indexOf = new Map(graph.nodes.map((node, at) => [node.id, at]))
    this.from = this.#ends(graph.edges, 'from')
    this.to = this.#ends(graph.edges, 'to')
    this.proven = Uint8Array.from(graph.edges, (edge) => (isProven(edge.basis) ? 1 : 0))
    this.next = adjacency(graph.nodes.length, this, direction === 'forward' ? 'out' : 'in')
  }

  #ends(edges: readonly GraphEdge[], end: 'from' | 'to'): Int32Array {
    return Int32Array.from(edges, (edge) => this.indexOf.get(edge[end]) ?? 0)
  }
}

type Walk = {
  /** Hops by node; -1 where it was not reached. */
  readonly hops: Int32Array
  /** The node by which each was reached; -1 for the start and for what was not reached. */
  readonly via: Int32Array
  /** Nearest first; neighbours of one node in the graph's order. */
  readonly order: readonly number[]
  readonly cut: Reach['cut']
}

function walk(view: GraphView, start: number, bounds: { hops: number; nodes: number; provenOnly: boolean }): Walk {
  const { starts, ends, edge } = view.next
  const hops = new Int32Array(view.graph.nodes.length).fill(-1)
  const via = new Int32Array(view.graph.nodes.length).fill(-1)
  const order = [start]
  const past = { hops: new Set<number>(), nodes: new Set<number>() }
  hops[start] = 0
  for (let at = 0; at < order.length; at++) {
    const node = order[at] ?? 0
    const hop = (hops[node] ?? 0) + 1
    for (let slot = starts[node] ?? 0; slot < (starts[node + 1] ?? 0); slot++) {
      const next = ends[slot] ?? 0
      if ((hops[next] ?? 0) >= 0) continue
      if (bounds.provenOnly && view.proven[edge[slot] ?? 0] === 0) continue
      if (hop > bounds.hops) past.hops.add(next)
      else if (order.length > bounds.nodes) past.nodes.add(next)
      else {
        hops[next] = hop
        via[next] = node
        order.push(next)
      }
    }
  }
  return { hops, via, order, cut: { hops: past.hops.size, nodes: past.nodes.size } }
}

type Ways = {
  /** The walks from any node: by proven edges alone, and by all. */
  readonly walks: (from: number) => readonly [Walk, Walk]
  /** Those from the start. */
  readonly proven: Walk
  readonly all: Walk
  readonly via: string | undefined
}

/**
 * From the nearest trigger down to the start; a path of proven edges is preferred however much longer it is. Through an event that was
 * asked for, where the start has it among its causes: the nearest trigger is often the person who asked for something else.
 */
function triggerPath(view: GraphView, { walks, proven, all, via }: Ways): readonly string[] {
  const nodes = view.graph.nodes
  const down = via === undefined ? [] : firstPath([proven, all], (at) => nodes[at]?.events.includes(via) === true)
  const [through] = down
  const isTrigger = (at: number): boolean => nodes[at]?.trigger === true
  if (through === undefined) return idsOf(view, firstPath([proven, all], isTrigger))
  const passed = new Set(down)
  // What is on the way down already stands once: edges may lead in a circle.
  const above = firstPath(walks(through), isTrigger).filter((at) => !passed.has(at))
  return idsOf(view, [...above, ...down])
}

/** From the nearest node of the first walk that has one, to where the walks began; empty where none has. */
function firstPath(walks: readonly Walk[], isEnd: (at: number) => boolean): readonly number[] {
  for (const { order, via } of walks) {
    const end = order.find(isEnd)
    if (end === undefined) continue
    const path: number[] = []
    for (let at = end; at >= 0; at = via[at] ?? -1) path.push(at)
    return path
  }
  return []
}

function idsOf({ graph }: GraphView, path: readonly number[]): readonly string[] {
  return path.map((at) => graph.nodes[at]?.id ?? '')
}
