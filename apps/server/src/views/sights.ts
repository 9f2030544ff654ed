import type { DrawnGraph } from '@holdfast/api'
import { rows as graphRows, toTree, type TableRow, type TreeRow } from '@holdfast/graph'
import type { ExecutionGraph } from '@holdfast/model'
import { MOMENTS_CACHED, SIGHTS_CACHED } from '../limits.ts'
import type { United } from './graph-queries.ts'
import { MomentGraph } from './moment-graph.ts'
import type { Sight } from './sight.ts'

export type LookRow = { readonly row: TreeRow; readonly table: TableRow; readonly index: number }

/** One graph that questions are answered from, with what was made of it on demand. */
export type Look = {
  readonly graph: ExecutionGraph
  rows?: readonly LookRow[]
  readonly drawn: Map<string, DrawnGraph>
}

export function lookAt(graph: ExecutionGraph): Look {
  return { graph, drawn: new Map() }
}

/** Its nodes in causal order, as the tree and the table show them. */
export function rowsOf(look: Look): readonly LookRow[] {
  if (look.rows === undefined) {
    const nodes = new Map(graphRows(look.graph).map((table) => [table.node.id, table]))
    look.rows = toTree(look.graph).flatMap((row, index) => {
      const table = nodes.get(row.id)
      return table === undefined ? [] : [{ row, table, index }]
    })
  }
  return look.rows
}

/** Looks at several conversations as one, and at instants of the past; the last of them are kept. */
export class Sights {
  readonly #looks = new Map<string, Look>()
  readonly #moments = new Map<string, MomentGraph>()

  look(united: United, { at, by }: Sight): Look {
    const { name, conversations, entries, cut } = united
    const of = JSON.stringify([name, conversations, entries.length, cut])
    if (at === undefined) return kept(this.#looks, of, SIGHTS_CACHED, () => lookAt(united.graph))
    const moments = kept(this.#moments, `${by} ${of}`, MOMENTS_CACHED, () => new MomentGraph(name, united.events, by))
    return kept(this.#looks, `${by} ${at} ${of}`, SIGHTS_CACHED, () => lookAt(moments.at(at)))
  }

  forget(): void {
    this.#looks.clear()
    this.#moments.clear()
  }
}

/** What was made last under that key; the least recently used goes past the bound. */
function kept<T>(cache: Map<string, T>, key: string, most: number, make: () => T): T {
  const value = cache.get(key) ?? make()
  cache.delete(key)
  cache.set(key, value)
  for (const oldest of cache.keys()) {
    if (cache.size <= most) break
    cache.delete(oldest)
  }
  return value
}
