/** The sentences of one leaf, in order; marks of markup are no words. Overlong ones are cut at blanks. */
export declare function sentencesOf(text: string): readonly string[]
//# sourceMappingURL=sentences.d.ts.map
