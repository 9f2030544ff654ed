/** One agent: what it is heard by, how much of that can be read, and its conversations. */
export declare function AgentPage(): import('react').JSX.Element
//# sourceMappingURL=AgentPage.d.ts.map
