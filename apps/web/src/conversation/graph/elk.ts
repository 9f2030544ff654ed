import type { DrawnGraph } from '@holdfast/api'
import ElkApi, { type ELK, type ElkNode } from 'elkjs/lib/elk-api.js'
import workerUrl from 'elkjs/lib/elk-worker.min.js?url'
import { LAYOUTS_KEPT } from '../../limits.ts'
import { layoutKey, NODE_HEIGHT, NODE_WIDTH, placeInLanes, type Layered, type Placed } from './layout.ts'

const cache = new Map<string, Promise<Placed>>()
let elk: ELK | undefined

/** The layout of a drawn graph, computed in a worker and kept by content. */
export function layOut(graph: DrawnGraph): Promise<Placed> {
  const key = layoutKey(graph)
  const known = cache.get(key)
  if (known !== undefined) return known
  const oldest = cache.keys().next().value
  if (cache.size >= LAYOUTS_KEPT && oldest !== undefined) cache.delete(oldest)
  const placed = layer(graph).then((layered) => placeInLanes(graph, layered))
  cache.set(key, placed)
  return placed
}

/** Starts the worker: it takes longer to read its program than most graphs take to lay out. */
export function warmUp(): void {
  elk ??= createElk()
}

/** Which node stands above which: ELK's layered algorithm, downwards, in the order that the graph came in. */
async function layer({ nodes, edges }: DrawnGraph): Promise<Layered> {
  if (nodes.length === 0) return new Map()
  elk ??= createElk()
  const known = new Set(nodes.map(({ id }) => id))
  const result = await elk.layout({
    id: 'graph',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'DOWN',
      'elk.randomSeed': '1',
      'elk.separateConnectedComponents': 'false',
      'elk.layered.layering.strategy': 'NETWORK_SIMPLEX',
      'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
      'elk.layered.cycleBreaking.strategy': 'MODEL_ORDER',
      'elk.layered.nodePlacement.strategy': 'SIMPLE',
      'elk.edgeRouting': 'POLYLINE',
    },
    children: nodes.map(({ id }) => ({ id, width: NODE_WIDTH, height: NODE_HEIGHT })),
    edges: edges
      .filter(({ from, to }) => from !== to && known.has(from) && known.has(to))
      .map(({ from, to }, index) => ({ id: `e${index}`, sources: [from], targets: [to] })),
  })
  return layersFrom(result.children ?? [])
}

function createElk(): ELK {
  // The package is CommonJS whose types declare an ES default: to TypeScript the class is one level deeper than it is.
  const Constructor = ElkApi as unknown as new (options: { readonly workerUrl: string }) => ELK
  return new Constructor({ workerUrl })
}

/** All nodes are of one height, so those of one layer stand at one y. */
function layersFrom(children: readonly ElkNode[]): Layered {
  const heights = [...new Set(children.map(({ y = 0 }) => Math.round(y)))].toSorted((a, b) => a - b)
  const layerOf = new Map(heights.map((y, layer) => [y, layer]))
  return new Map(children.map(({ id, x = 0, y = 0 }) => [id, { layer: layerOf.get(Math.round(y)) ?? 0, order: x }]))
}
