/** A character that would not be seen, or would change how its neighbours are seen; `undefined` for an ordinary one. */
export declare function hiddenCharacterName(code: number): string | undefined
/** True for marks that are drawn on the character before them. */
export declare function isCombining(code: number): boolean
export type Script = 'Latin' | 'Greek' | 'Cyrillic' | 'Armenian' | 'Cherokee'
/** Script of a letter, for the scripts whose letters look like each other's; `undefined` for anything else. */
export declare function scriptOf(code: number): Script | undefined
/** `U+202E`. */
export declare function hex(code: number): string
//# sourceMappingURL=code-points.d.ts.map
