/** The concept that a lower-case word or stem stands for, if any: `~pay` for `transfer`. */
export declare function conceptOf(word: string): string | undefined
//# sourceMappingURL=concepts.d.ts.map
