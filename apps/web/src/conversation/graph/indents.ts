import type { DrawnGraph } from '@holdfast/api'

type Graph = {
  readonly nodes: readonly Pick<DrawnGraph['nodes'][number], 'id' | 'lane'>[]
  readonly edges: readonly Pick<DrawnGraph['edges'][number], 'from' | 'to'>[]
}

/** Deeper branches stand in one line: a lane must stay narrow enough to read beside the others. */
export const MAX_INDENT = 6

/**
 * For each node how far it stands to the right in its lane: one step for each ancestor in the lane that branches there.
 * Without that, the children of one process, one below the other, look like a chain. `ids` come in the order of layers.
 */
export function indentsOf({ nodes, edges }: Graph, ids: readonly string[]): ReadonlyMap<string, number> {
  const lanes = new Map(nodes.map(({ id, lane }) => [id, lane]))
  const children = new Map<string, string[]>()
  for (const { from, to } of edges) {
    if (from === to || !lanes.has(from) || lanes.get(from) !== lanes.get(to)) continue
    const known = children.get(from)
    if (known === undefined) children.set(from, [to])
    else known.push(to)
  }
  const indents = new Map<string, number>()
  for (const id of ids) {
    const own = indents.get(id) ?? 0
    indents.set(id, own)
    const below = children.get(id) ?? []
    const step = below.length > 1 ? 1 : 0
    // What several lead to stands below the first of them: a second look would move what is already drawn from it.
    for (const child of below) if (!indents.has(child)) indents.set(child, Math.min(MAX_INDENT, own + step))
  }
  return indents
}
