import type { Adjacency } from './graph-index.ts'

/**
 * Causal rank of every node: the length of the longest chain of causes before it. Nodes that cause each other (a loop
 * that a history without call ids can make) share one rank. No clock is read, so shifting one changes nothing.
 */
export function causalRanks(nodes: number, out: Adjacency): Int32Array {
  const { component, count } = components(nodes, out)
  // Tarjan numbers a component after all that it leads to, so going down the numbers meets causes first.
  const ranks = new Int32Array(count)
  const order = byComponent(component, count)
  for (let at = nodes - 1; at >= 0; at--) {
    const node = order[at] ?? 0
    const own = component[node] ?? 0
    const rank = ranks[own] ?? 0
    for (let slot = out.starts[node] ?? 0; slot < (out.starts[node + 1] ?? 0); slot++) {
      const other = component[out.ends[slot] ?? 0] ?? 0
      if (other !== own && (ranks[other] ?? 0) <= rank) ranks[other] = rank + 1
    }
  }
  return component.map((own) => ranks[own] ?? 0)
}

/** Strongly connected components by Tarjan's algorithm with a stack of its own: the input decides how deep it goes. */
function components(nodes: number, out: Adjacency): { component: Int32Array; count: number } {
  const component = new Int32Array(nodes).fill(-1)
  const index = new Int32Array(nodes).fill(-1)
  const low = new Int32Array(nodes)
  const slot = new Int32Array(nodes)
  const path = new Int32Array(nodes)
  const open = new Int32Array(nodes)
  let seen = 0
  let opened = 0
  let count = 0
  for (let root = 0; root < nodes; root++) {
    if ((index[root] ?? 0) >= 0) continue
    let depth = 0
    path[0] = root
    while (depth >= 0) {
      const node = path[depth] ?? 0
      if ((index[node] ?? 0) < 0) {
        index[node] = low[node] = seen++
        open[opened++] = node
        slot[node] = out.starts[node] ?? 0
      }
      const at = slot[node] ?? 0
      if (at < (out.starts[node + 1] ?? 0)) {
        slot[node] = at + 1
        const next = out.ends[at] ?? 0
        if ((index[next] ?? 0) < 0) path[++depth] = next
        else if ((component[next] ?? 0) < 0) low[node] = Math.min(low[node] ?? 0, index[next] ?? 0)
        continue
      }
      if (low[node] === index[node]) {
        for (let member = -1; member !== node;) {
          member = open[--opened] ?? 0
          component[member] = count
        }
        count++
      }
      depth--
      const parent = path[depth]
      if (depth >= 0 && parent !== undefined) low[parent] = Math.min(low[parent] ?? 0, low[node] ?? 0)
    }
  }
  return { component, count }
}

/** Nodes in the order of their component numbers (counting sort). */
function byComponent(component: Int32Array, count: number): Int32Array {
  const starts = new Int32Array(count + 1)
  for (const own of component) starts[own + 1] = (starts[own + 1] ?? 0) + 1
  for (let own = 0; own < count; own++) starts[own + 1] = (starts[own + 1] ?? 0) + (starts[own] ?? 0)
  const order = new Int32Array(component.length)
  for (let node = 0; node < component.length; node++) {
    const own = component[node] ?? 0
    const at = starts[own] ?? 0
    order[at] = node
    starts[own] = at + 1
  }
  return order
}
