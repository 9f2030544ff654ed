/** Every agent that was heard, the most recent first; before the first, how to point one here. */
export declare function AgentsPage(): import('react').JSX.Element
//# sourceMappingURL=AgentsPage.d.ts.map
