import type { Leaf } from './leaves.ts'
/**
 * The leaves of a text that is one JSON value or one Python literal, or begins and ends as one inside a few marks of
 * somebody's own (`<<...>>`). Undefined where it is neither. One pass, no recursion on hostile depth.
 */
export declare function literalLeaves(text: string): readonly Leaf[] | undefined
/** Undoes `\n`, `\t`, `\"`, `\uXXXX`, `\xXX` and the like; what is no escape stays. */
export declare function unescaped(text: string): string
//# sourceMappingURL=literal.d.ts.map
