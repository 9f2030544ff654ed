/** Characters of one text that are rendered before the rest is collapsed: a page of evidence, not a frozen tab. */
export declare const SHOWN_CHARACTERS: number
/** Characters asked for at a time when a captured text is opened; the API allows eight times as many. */
export declare const WINDOW_CHARACTERS: number
/** A run of base64 characters from this length on is data, not words: keys and digests are shorter. */
export declare const BASE64_CHARACTERS = 200
/** Combining marks that may stand on one letter; stacks above that are drawn over other lines. */
export declare const COMBINING_MARKS = 3
/** Parts of one rendered text: each is an element, and a text of nothing but hidden characters would make one each. */
export declare const PARTS = 4000
//# sourceMappingURL=limits.d.ts.map
