import type { Leaf } from './leaves.ts'
/**
 * The leaves of YAML and of plain text, told by their lines alone, so that an answer which somebody broke open with text of
 * their own is still read. Quoted scalars are unfolded; a field or list item begins a leaf; so does every line of plain text.
 */
export declare function lineLeaves(text: string): readonly Leaf[]
//# sourceMappingURL=line-leaves.d.ts.map
