import type { EdgeKind, ExecutionGraph, GraphEdge } from '@holdfast/model'

import type { TableRow, TreeRow } from './answers.ts'

/**
 * The tree twin of a graph: every node once, under what it ran in or, where nothing encloses it, under what brought it
 * about. Depth first; siblings in causal order; what the kernel saw and no act of the agent leads to stands together at the
 * end. A flat list, so that a page can show a window of it.
 */
export function toTree(graph: ExecutionGraph): readonly TreeRow[] {
  const indexOf = new Map(graph.nodes.map((node, at) => [node.id, at]))
  const parents = parentEdges(graph, indexOf)
  openRings(graph, parents, indexOf)
  const children = new Map<number, number[]>()
  const roots: number[] = []
  for (let at = 0; at < graph.nodes.length; at++) {
    const parent = parentOf(at, parents, indexOf)
    const known = parent === undefined ? roots : children.get(parent)
    if (known !== undefined) known.push(at)
    else if (parent !== undefined) children.set(parent, [at])
  }
  const rows: TreeRow[] = []
  const isUnjoined = (at: number): boolean => graph.nodes[at]?.unjoined === true
  const ordered = [...roots.filter((at) => !isUnjoined(at)), ...roots.filter(isUnjoined)]
  const stack = ordered.toReversed().map((at) => ({ at, depth: 0 }))
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { at, depth } = top
    const under = children.get(at) ?? []
    const hung = parents[at]
    rows.push({
      id: graph.nodes[at]?.id ?? '',
      ...(hung === undefined
        ? {}
        : { parent: hung.isReversed ? hung.edge.to : hung.edge.from, via: hung.edge.kind, basis: hung.edge.basis }),
      depth,
      children: under.length,
    })
    for (const child of under.toReversed()) stack.push({ at: child, depth: depth + 1 })
  }
  return rows
}

/** The table twin: the same nodes by id, in causal order, with the depth that they have in the tree. */
export function rows(graph: ExecutionGraph): readonly TableRow[] {
  const depths = new Map(toTree(graph).map((row) => [row.id, row.depth]))
  return graph.nodes.map((node, order) => ({ order, depth: depths.get(node.id) ?? 0, node }))
}

type Hung = { readonly edge: GraphEdge; readonly isReversed: boolean }

/** Kinds that may hang a node, best first. An input hangs under the first call that it entered, so that edge is turned. */
const HANGS: readonly EdgeKind[] = [
  'contains',
  'sent',
  'spawned',
  'touched',
  'connected',
  'performed',
  'produced',
  'requested',
  'delegated',
  'returned',
  'entered',
  'acted-as',
  'carried',
]

function parentEdges(graph: ExecutionGraph, indexOf: ReadonlyMap<string, number>): (Hung | undefined)[] {
  const best = Array.from<Hung | undefined>({ length: graph.nodes.length })
  for (const edge of graph.edges) {
    const isReversed = edge.kind === 'entered'
    const child = indexOf.get(isReversed ? edge.from : edge.to)
    if (child === undefined || (graph.nodes[child]?.kind === 'message' && edge.kind === 'returned')) continue
    const known = best[child]
    // Edges come in causal order of both ends, so the first of a kind is the earliest.
    if (known === undefined || rankOf(edge) < rankOf(known.edge)) best[child] = { edge, isReversed }
  }
  return best
}

/** Lower is better. Under the act that started a program, and not under the process, which serves other acts as well. */
function rankOf({ kind, basis }: GraphEdge): number {
  return 2 * HANGS.indexOf(kind) + (basis === 'lineage' ? 1 : 0)
}

function parentOf(
  at: number,
  parents: readonly (Hung | undefined)[],
  indexOf: ReadonlyMap<string, number>,
): number | undefined {
  const hung = parents[at]
  return hung === undefined ? undefined : indexOf.get(hung.isReversed ? hung.edge.to : hung.edge.from)
}

/** Makes a root of the first node of every ring, which loops of histories and hostile parents can form. */
function openRings(graph: ExecutionGraph, parents: (Hung | undefined)[], indexOf: ReadonlyMap<string, number>): void {
  const path = new Int32Array(graph.nodes.length)
  for (let start = 0; start < graph.nodes.length; start++) {
    let at: number | undefined = start
    while (at !== undefined && path[at] === 0) {
      path[at] = start + 1
      at = parentOf(at, parents, indexOf)
    }
    if (at === undefined || path[at] !== start + 1) continue
    let first = at
    for (
      let next = parentOf(at, parents, indexOf);
      next !== undefined && next !== at;
      next = parentOf(next, parents, indexOf)
    ) {
      first = Math.min(first, next)
    }
    parents[first] = undefined
  }
}
