/** Wall clock of the browser in milliseconds, renewed every five seconds; one timer for the whole page. */
export declare function useNow(): number
//# sourceMappingURL=use-now.d.ts.map
