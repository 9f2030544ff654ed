/** Whether the record is whole: the log, its checkpoint, what is missing, and what would be missing next. */
export declare function IntegrityPage(): import('react').JSX.Element
//# sourceMappingURL=IntegrityPage.d.ts.map
