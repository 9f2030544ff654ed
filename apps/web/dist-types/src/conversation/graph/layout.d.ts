import type { DrawnGraph } from '@holdfast/api'
import type { Lane } from '@holdfast/model'
export declare const NODE_WIDTH = 208
export declare const NODE_HEIGHT = 46
export type LanePlace = {
  readonly lane: Lane
  readonly name: string
  readonly x: number
  readonly width: number
  readonly count: number
}
export type Placed = {
  readonly positions: ReadonlyMap<
    string,
    {
      readonly x: number
      readonly y: number
    }
  >
  readonly lanes: readonly LanePlace[]
  readonly width: number
  readonly height: number
}
/** What the layered layout gives: for each node its layer from the top and its order within it. */
export type Layered = ReadonlyMap<
  string,
  {
    readonly layer: number
    readonly order: number
  }
>
/**
 * Puts each node into the column of its lane, at the height of its layer. A lane that holds several nodes of one layer
 * stacks them. Pure: the same graph and layers give the same places.
 */
export declare function placeInLanes({ nodes }: Pick<DrawnGraph, 'nodes'>, layered: Layered): Placed
/** What the layout depends on: equal keys give equal layouts, so that one is computed once. */
export declare function layoutKey({ nodes, edges }: Pick<DrawnGraph, 'nodes' | 'edges'>): string
//# sourceMappingURL=layout.d.ts.map
