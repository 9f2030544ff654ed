import type { EdgeBasis, EdgeKind, Lane, NodeKind } from '@holdfast/model'
/** Lanes from left to right, and what each holds. */
export declare const LANES: readonly {
  readonly lane: Lane
  readonly name: string
}[]
export declare const KIND_WORDS: Readonly<Record<NodeKind, string>>
export declare const EDGE_WORDS: Readonly<Record<EdgeKind, string>>
export declare const BASIS_WORDS: Readonly<Record<EdgeBasis, string>>
/** How a line of that basis is drawn; the legend and the graph agree by this. */
export declare function lineOf(basis: EdgeBasis): 'solid' | 'dashed' | 'dotted' | 'faint'
//# sourceMappingURL=node-words.d.ts.map
