/**
 * End of the URL that starts at `position`, or `undefined` where none does. Linear: it looks at each character once
 * from here, and the caller skips what was read.
 */
export declare function urlEnd(text: string, position: number): number | undefined
/** A URL that no program recognises as one: `hxxps://evil[.]example/a`, `javascript[:]alert(1)`. */
export declare function defang(url: string): string
/** What follows a scheme, from its `://` on. A path may hold a second URL, as redirects do. */
export declare function defangRest(rest: string): string
/** Up to white space, a quote, a bracket that closes, or `atMost` characters. */
export declare function tokenEnd(text: string, start: number, atMost: number): number
//# sourceMappingURL=urls.d.ts.map
