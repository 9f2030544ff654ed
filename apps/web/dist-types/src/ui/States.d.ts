import type { ReactNode } from 'react';
type EmptyProps = {
    /** What would be shown here. */
    readonly title: string;
    /** Why it is empty. */
    readonly why: ReactNode;
    /** One command that would fill it. */
    readonly command?: string;
    readonly children?: ReactNode;
};
/** An empty list: what would be here, why it is not, and one thing to do. */
export declare function EmptyState({ title, why, command, children }: EmptyProps): import("react").JSX.Element;
export declare function PageLoading(): import("react").JSX.Element;
export declare function Loading({ what }: {
    readonly what: string;
}): import("react").JSX.Element;
type ErrorProps = {
    readonly what: string;
    readonly error: unknown;
    readonly onRetry?: () => void;
    /** `h1` where it stands in place of a whole page. */
    readonly heading?: 'h1' | 'h2';
};
/** What could not be read, in the server's own words, and what to do. */
export declare function ErrorState({ what, error, onRetry, heading: Heading }: ErrorProps): import("react").JSX.Element;
export {};
//# sourceMappingURL=States.d.ts.map