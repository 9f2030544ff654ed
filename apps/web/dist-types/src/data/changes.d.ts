import type { QueryClient } from '@tanstack/react-query'
/** Whether the server is being heard: a view that is not fed reads silent, never current. */
export type LiveState = 'connecting' | 'live' | 'lost'
/**
 * Follows the server's stream of changes and makes what is shown be read again, at most every {@link REFRESH_MS}.
 * Returns the end of it.
 */
export declare function followChanges(client: QueryClient, onState: (state: LiveState) => void): () => void
//# sourceMappingURL=changes.d.ts.map
