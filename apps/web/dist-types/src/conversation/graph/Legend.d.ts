import type { DrawnGraph } from '@holdfast/api'
/** How each join is known, and how many of them are drawn. A basis that no edge has is named as absent. */
export declare function Legend({ edges }: { readonly edges: DrawnGraph['edges'] }): import('react').JSX.Element
//# sourceMappingURL=Legend.d.ts.map
