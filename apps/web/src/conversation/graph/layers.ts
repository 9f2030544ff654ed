import type { DrawnGraph } from '@holdfast/api'

type Graph = {
  readonly nodes: readonly Pick<DrawnGraph['nodes'][number], 'id' | 'claimedAt'>[]
  readonly edges: readonly Pick<DrawnGraph['edges'][number], 'from' | 'to'>[]
}

/** For each node its layer from the top, and its order within it. */
export type Layered = ReadonlyMap<string, { readonly layer: number; readonly order: number }>

/**
 * Puts each node below what it follows from: longest-path layering, then what has slack is pulled down to what needs it,
 * so that a message stands beside the call that it entered and not at the top. Edges that close a loop are drawn, and do
 * not count. Linear in nodes and edges, and it costs about a millisecond for 300 nodes: a general layout engine took most
 * of a second to start, to answer the one question that lanes leave open.
 */
export function layersOf({ nodes, edges }: Graph): Layered {
  const sorted = nodes.toSorted((a, b) => byTime(a.claimedAt, b.claimedAt) || (a.id < b.id ? -1 : 1))
  const order = new Map(sorted.map(({ id }, index) => [id, index]))
  const after = new Map<string, string[]>(sorted.map(({ id }) => [id, []]))
  const incoming = new Map<string, number>()
  for (const { from, to } of edges) {
    const known = after.get(from)
    if (from === to || known === undefined || !after.has(to)) continue
    known.push(to)
    incoming.set(to, (incoming.get(to) ?? 0) + 1)
  }
  const { topological, forward } = withoutLoops([...order.keys()], after)
  const layers = new Map<string, number>()
  for (const id of topological) {
    const layer = layers.get(id) ?? 0
    layers.set(id, layer)
    for (const next of forward.get(id) ?? []) layers.set(next, Math.max(layers.get(next) ?? 0, layer + 1))
  }
  for (const id of topological.toReversed()) {
    const next = forward.get(id) ?? []
    // What leads to more than it follows from is shorter when it stands near what it leads to.
    if (next.length === 0 || next.length < (incoming.get(id) ?? 0)) continue
    layers.set(id, Math.min(...next.map((each) => layers.get(each) ?? 0)) - 1)
  }
  return new Map([...layers].map(([id, layer]) => [id, { layer, order: order.get(id) ?? 0 }]))
}

type Loopless = {
  readonly topological: readonly string[]
  readonly forward: ReadonlyMap<string, readonly string[]>
}

/** Depth first in the order of time, without recursion: an edge to a node that is still open closes a loop. */
function withoutLoops(ids: readonly string[], after: ReadonlyMap<string, readonly string[]>): Loopless {
  const state = new Map<string, 'open' | 'done'>()
  const forward = new Map<string, string[]>()
  const finished: string[] = []
  for (const start of ids) {
    if (state.has(start)) continue
    const stack = [{ id: start, at: 0 }]
    state.set(start, 'open')
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = after.get(top.id)?.[top.at]
      if (next === undefined) {
        state.set(top.id, 'done')
        finished.push(top.id)
        stack.pop()
        continue
      }
      top.at += 1
      const seen = state.get(next)
      if (seen === 'open') continue
      const kept = forward.get(top.id)
      if (kept === undefined) forward.set(top.id, [next])
      else kept.push(next)
      if (seen === 'done') continue
      state.set(next, 'open')
      stack.push({ id: next, at: 0 })
    }
  }
  return { topological: finished.toReversed(), forward }
}

/** Decimal nanoseconds without leading zeros: the longer is the later. */
function byTime(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length
  return a < b ? -1 : a > b ? 1 : 0
}
