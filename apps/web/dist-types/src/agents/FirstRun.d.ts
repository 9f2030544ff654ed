/** The page before the first record: three ways to point an agent here. It gives way by itself when one is heard. */
export declare function FirstRun(): import('react').JSX.Element
//# sourceMappingURL=FirstRun.d.ts.map
