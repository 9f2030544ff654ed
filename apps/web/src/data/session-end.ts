import type { QueryClient } from '@tanstack/react-query'
import { isSignedOut } from './client.ts'
import { queries } from './queries.ts'

/**
 * Tells whether the server still knows this browser's session, whenever an answer says otherwise than the one before: a server
 * that was started again knows none. Returns the end of it.
 */
export function followSession(client: QueryClient, onEnded: (isEnded: boolean) => void): () => void {
  return client.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated') return
    const { action } = event
    if (action.type === 'error' && isSignedOut(action.error)) onEnded(true)
    // An answer that was put there by the program, such as one kept from before, says nothing of the server.
    if (action.type === 'success' && action.manual !== true && !isOfAnybody(event.query.queryKey)) onEnded(false)
  })
}

/** What is answered without a session says nothing of it either. */
function isOfAnybody(key: readonly unknown[]): boolean {
  return key[0] === queries.signIn().queryKey[0]
}

/** Asks the server once who is signed in: {@link followSession} hears what it says. */
export function askSession(client: QueryClient): void {
  void client.fetchQuery({ ...queries.session(), staleTime: 0, retry: false }).catch(() => undefined)
}
