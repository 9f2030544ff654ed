/**
 * A wire time (decimal nanoseconds, or RFC 3339 with a zone) as nanoseconds. Undefined for anything else: a time without
 * a zone is nobody's time.
 */
export declare function parseWireTime(text: string): bigint | undefined
/** `2026-11-21 01:20:04.123 UTC`: milliseconds, always with its zone. */
export declare function formatUtc(nanos: bigint): string
/** `01:20:04.123 UTC`, for rows under a date. */
export declare function formatUtcClock(nanos: bigint): string
/** `2026-11-21T01:20:04.123456789Z`: every digit that is known. */
export declare function exactUtc(nanos: bigint): string
/** `3 min ago`, `in 2 h`; never shown without the absolute time beside it. */
export declare function formatAgo(nanos: bigint, nowMs: number): string
/** Milliseconds between two wire times; 0 where either is no time. */
export declare function millisBetween(from: string, to: string): number
//# sourceMappingURL=time.d.ts.map
