import type { ReactNode } from 'react';
type PageHeadProps = {
    /** What the tab is called; made inert here, for it may hold captured text. */
    readonly tab: string;
    readonly title: ReactNode;
    readonly children?: ReactNode;
    readonly actions?: ReactNode;
};
/** The head of a page: what it is, one sentence, and what can be done. */
export declare function PageHead({ tab, title, children, actions }: PageHeadProps): import("react").JSX.Element;
type FactProps = {
    readonly label: string;
    readonly children: ReactNode;
    readonly className?: string;
};
/** One named fact; stands in a `<dl>`. */
export declare function Fact({ label, children, className }: FactProps): import("react").JSX.Element;
/** A share as a bar and in words. */
export declare function Share({ share, label }: {
    readonly share: number;
    readonly label: string;
}): import("react").JSX.Element;
export {};
//# sourceMappingURL=Page.d.ts.map