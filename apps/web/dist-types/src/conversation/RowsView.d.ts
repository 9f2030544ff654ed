import type { Selection } from './use-selection.ts'
/** The twins of the graph: the same nodes in causal order, as a tree or as a table, of any length. */
export declare function RowsView({ selection }: { readonly selection: Selection }): import('react').JSX.Element
//# sourceMappingURL=RowsView.d.ts.map
