import type { Selection } from '../use-selection.ts'
/** The execution graph, small enough to draw; says what is folded, and opens it where something folded is selected. */
export declare function GraphView({ selection }: { readonly selection: Selection }): import('react').JSX.Element
//# sourceMappingURL=GraphView.d.ts.map
