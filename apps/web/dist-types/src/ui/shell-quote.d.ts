/** One word of a POSIX shell, whatever the text holds: captured ids end up in commands that people paste. */
export declare function shellWord(text: string): string
//# sourceMappingURL=shell-quote.d.ts.map
