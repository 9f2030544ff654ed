import type { Placed } from './layout.ts'
/** The ground of each lane; one that holds nothing is hatched. */
export declare function LaneBands({ placed }: { readonly placed: Placed }): import('react').JSX.Element
/** Names of the lanes; they stay at the top while the drawing moves under them. */
export declare function LaneHeads({ placed }: { readonly placed: Placed }): import('react').JSX.Element
//# sourceMappingURL=Lanes.d.ts.map
