export declare function NotFoundPage(): import('react').JSX.Element
//# sourceMappingURL=NotFoundPage.d.ts.map
