/** `12,204`. */
export declare function formatCount(count: number): string
/** `1 event`, `2 events`. */
export declare function plural(count: number, one: string, many?: string): string
/** Decimal units: `914 B`, `5.2 MB`. */
export declare function formatBytes(bytes: number): string
/** `97 %`; never rounds to 100 what is not whole, nor to 0 what is something. */
export declare function formatShare(share: number): string
/** `850 ms`, `4.2 s`, `3 min 10 s`, `5 h 2 min`, `3 d 4 h`. */
export declare function formatDuration(ms: number): string
//# sourceMappingURL=format.d.ts.map
