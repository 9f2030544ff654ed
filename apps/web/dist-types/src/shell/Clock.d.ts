/** The present, in the zone of everything else on the page. */
export declare function Clock(): import('react').JSX.Element
//# sourceMappingURL=Clock.d.ts.map
