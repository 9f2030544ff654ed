import type { DrawnGraph } from '@holdfast/api'

/** Below this, lines to one node can still be followed by eye. */
const HUB_JOINS = 12
/** How much more than the usual node it has to join. */
const TIMES_USUAL = 4

export type Hub = DrawnGraph['hubs'][number] & { readonly members: readonly string[] }

/**
 * Nodes that join far more than the others of the drawing, the largest first: a tool definition that entered every call, an
 * identity that everything acted as. True, and in the way. What set the execution off is never one.
 */
export function hubsOf({ nodes, edges }: Pick<DrawnGraph, 'nodes' | 'edges'>): readonly Hub[] {
  const near = new Map<string, Set<string>>(nodes.map(({ id }) => [id, new Set()]))
  for (const { from, to } of edges) {
    if (from === to) continue
    near.get(from)?.add(to)
    near.get(to)?.add(from)
  }
  const sizes = [...near.values()].map(({ size }) => size).toSorted((a, b) => a - b)
  const usual = sizes[Math.floor(sizes.length / 2)] ?? 0
  const least = Math.max(HUB_JOINS, TIMES_USUAL * usual)
  return nodes
    .flatMap(({ id, label, kind, members, trigger }) => {
      const joins = near.get(id)?.size ?? 0
      return joins >= least && trigger !== true ? [{ id, label, kind, joins, members }] : []
    })
    .toSorted((a, b) => b.joins - a.joins || (a.id < b.id ? -1 : 1))
}
