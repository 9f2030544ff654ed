/** What stands around every page: where one can go, and whether the server is heard. */
export declare function AppShell(): import('react').JSX.Element
//# sourceMappingURL=AppShell.d.ts.map
