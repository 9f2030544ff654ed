/** Events as they are recorded, of all agents or some. Without texts: those are opened one by one. */
export declare function TailPage(): import('react').JSX.Element
//# sourceMappingURL=TailPage.d.ts.map
