import { EDGE_BASES, EDGE_KINDS, type EdgeBasis, type EdgeKind } from '@holdfast/model'

/** Edges as numbers, in canonical order, one per (from, to, kind) with its strongest basis. */
export type PackedEdges = {
  readonly from: Int32Array
  readonly to: Int32Array
  readonly kind: Uint8Array
  readonly basis: Uint8Array
}

type NamedEdge = { readonly from: string; readonly to: string; readonly kind: EdgeKind; readonly basis: EdgeBasis }

const KINDS = EDGE_KINDS.length
const BASES = EDGE_BASES.length

/** Packs edges between known nodes; others, and loops from a node to itself, are left out. */
export function packEdges(edges: readonly NamedEdge[], indexOf: ReadonlyMap<string, number>): PackedEdges {
  // One number holds an edge, so that a native sort orders them; exact below 2^53, that is for 11 million nodes.
  const nodes = indexOf.size
  const keys = new Float64Array(edges.length)
  let used = 0
  for (const edge of edges) {
    const from = indexOf.get(edge.from)
    const to = indexOf.get(edge.to)
    if (from === undefined || to === undefined || from === to) continue
    keys[used++] =
      ((from * nodes + to) * KINDS + EDGE_KINDS.indexOf(edge.kind)) * BASES + EDGE_BASES.indexOf(edge.basis)
  }
  const sorted = keys.subarray(0, used).sort()
  const packed = {
    from: new Int32Array(used),
    to: new Int32Array(used),
    kind: new Uint8Array(used),
    basis: new Uint8Array(used),
  }
  let kept = 0
  let last = -1
  for (const key of sorted) {
    const edge = Math.floor(key / BASES)
    if (edge === last) continue
    last = edge
    const ends = Math.floor(edge / KINDS)
    packed.basis[kept] = key - edge * BASES
    packed.kind[kept] = edge - ends * KINDS
    packed.from[kept] = Math.floor(ends / nodes)
    packed.to[kept] = ends % nodes
    kept++
  }
  return {
    from: packed.from.subarray(0, kept),
    to: packed.to.subarray(0, kept),
    kind: packed.kind.subarray(0, kept),
    basis: packed.basis.subarray(0, kept),
  }
}

/** Neighbours in one direction: those of node i are `ends[starts[i] .. starts[i + 1])`, by edge number in `edge`. */
export type Adjacency = {
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly edge: Int32Array
}

export function adjacency(nodes: number, edges: Pick<PackedEdges, 'from' | 'to'>, direction: 'out' | 'in'): Adjacency {
  const [near, far] = direction === 'out' ? [edges.from, edges.to] : [edges.to, edges.from]
  const starts = new Int32Array(nodes + 1)
  for (const node of near) starts[node + 1] = (starts[node + 1] ?? 0) + 1
  for (let node = 0; node < nodes; node++) starts[node + 1] = (starts[node + 1] ?? 0) + (starts[node] ?? 0)
  const next = starts.slice()
  const ends = new Int32Array(near.length)
  const edge = new Int32Array(near.length)
  for (let at = 0; at < near.length; at++) {
    const node = near[at] ?? 0
    const slot = next[node] ?? 0
    ends[slot] = far[at] ?? 0
    edge[slot] = at
    next[node] = slot + 1
  }
  return { starts, ends, edge }
}
