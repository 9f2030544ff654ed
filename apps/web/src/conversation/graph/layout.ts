import type { Lane } from '@holdfast/model'
import { LANES } from '../node-words.ts'
import { indentsOf } from './indents.ts'
import { layersOf, type Layered } from './layers.ts'
import type { Layoutable } from './layout-hash.ts'

export const NODE_WIDTH = 208
export const NODE_HEIGHT = 46
const GAP_X = 44
const GAP_Y = 18
/** Between one layer and the next: room for the edges to turn in. */
const LAYER_GAP = 30
/** A lane that holds nothing keeps its place and its name. */
const EMPTY_WIDTH = 96
const TOP = 16
/** Nodes of one lane and layer that stand in one column; more of them take columns beside it, as many as a window is wide. */
const STACKED = 10
const COLUMNS = 4
/** One level of {@link indentsOf}. */
export const INDENT = 22

export type LanePlace = {
  readonly lane: Lane
  readonly name: string
  readonly x: number
  readonly width: number
  readonly count: number
}

export type NodePlace = { readonly x: number; readonly y: number; readonly lane: Lane }

export type Placed = {
  readonly positions: ReadonlyMap<string, NodePlace>
  readonly lanes: readonly LanePlace[]
  readonly width: number
  readonly height: number
}

/**
 * Puts each node into the column of its lane, at the height of its layer. A lane that holds several nodes of one layer
 * stacks them, many of them in several columns, and what branches within a lane is indented as in a tree. Pure: the same graph gives the same places.
 */
export function placeInLanes({ nodes, edges }: Layoutable): Placed {
  const rows = rowsOf(nodes, layersOf({ nodes, edges }))
  const indents = indentsOf(
    { nodes, edges },
    rows.flatMap((row) => row.map(({ id }) => id)),
  )
  const deepest = new Map<Lane, number>()
  for (const { id, lane } of nodes) deepest.set(lane, Math.max(deepest.get(lane) ?? 0, indents.get(id) ?? 0))
  const columns = new Map<Lane, number>()
  const stacks = rows.map(stacksOf)
  for (const stack of stacks)
    for (const [lane, { across }] of stack) columns.set(lane, Math.max(columns.get(lane) ?? 1, across))
  const counts = new Map<Lane, number>()
  for (const { lane } of nodes) counts.set(lane, (counts.get(lane) ?? 0) + 1)
  const lanes: LanePlace[] = []
  let x = 0
  for (const { lane, name } of LANES) {
    const count = counts.get(lane) ?? 0
    const width =
      count === 0 ? EMPTY_WIDTH : (columns.get(lane) ?? 1) * (NODE_WIDTH + GAP_X) + (deepest.get(lane) ?? 0) * INDENT
    lanes.push({ lane, name, x, width, count })
    x += width
  }
  const laneX = new Map(lanes.map((place) => [place.lane, place.x + GAP_X / 2]))
  const positions = new Map<string, NodePlace>()
  let top = TOP
  for (const [at, layer] of rows.entries()) {
    const used = new Map<Lane, number>()
    const stack = stacks[at] ?? new Map<Lane, Stack>()
    for (const { id, lane } of layer) {
      const place = used.get(lane) ?? 0
      used.set(lane, place + 1)
      const down = stack.get(lane)?.down ?? 1
      const across = Math.floor(place / down) * (NODE_WIDTH + GAP_X)
      const x = (laneX.get(lane) ?? 0) + (indents.get(id) ?? 0) * INDENT + across
      positions.set(id, { x, lane, y: top + (place % down) * (NODE_HEIGHT + GAP_Y) })
    }
    top += Math.max(...[...stack.values()].map(({ down }) => down)) * (NODE_HEIGHT + GAP_Y) - GAP_Y + LAYER_GAP
  }
  return { positions, lanes, width: x, height: top }
}

/** How the nodes of one lane stand in a layer: so many below each other, in so many columns. */
type Stack = { readonly down: number; readonly across: number }

function stacksOf(layer: Layoutable['nodes']): ReadonlyMap<Lane, Stack> {
  return new Map(
    [...Map.groupBy(layer, ({ lane }) => lane)].map(([lane, { length }]) => {
      const down = Math.ceil(length / Math.min(COLUMNS, Math.ceil(length / STACKED)))
      return [lane, { down, across: Math.ceil(length / down) }]
    }),
  )
}

/** Nodes by layer from the top, each layer in the order of time. */
function rowsOf(nodes: Layoutable['nodes'], layered: Layered): readonly Layoutable['nodes'][] {
  const layers = new Map<number, Layoutable['nodes'][number][]>()
  for (const node of nodes) {
    const layer = layered.get(node.id)?.layer ?? 0
    const known = layers.get(layer)
    if (known === undefined) layers.set(layer, [node])
    else known.push(node)
  }
  const orderOf = ({ id }: Layoutable['nodes'][number]): number => layered.get(id)?.order ?? 0
  return [...layers]
    .toSorted(([a], [b]) => a - b)
    .map(([, layer]) => layer.toSorted((a, b) => orderOf(a) - orderOf(b) || (a.id < b.id ? -1 : 1)))
}
