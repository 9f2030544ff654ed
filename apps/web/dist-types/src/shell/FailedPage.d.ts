import { type ErrorComponentProps } from '@tanstack/react-router'
/** In place of a page that could not be read: signed out, no server, not found, or a fault. */
export declare function FailedPage({ error, reset }: ErrorComponentProps): import('react').JSX.Element
//# sourceMappingURL=FailedPage.d.ts.map
