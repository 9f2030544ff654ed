/** One box that opens any id; the address holds what was asked. */
export declare function SearchPage(): import('react').JSX.Element
//# sourceMappingURL=SearchPage.d.ts.map
