import type { QueryClient } from '@tanstack/react-query'
import { REFRESH_MS } from '../limits.ts'

/** Whether the server is being heard: a view that is not fed reads silent, never current. */
export type LiveState = 'connecting' | 'live' | 'lost'

/** What grows with the log. Events, contents and raw entries never change and are not read again. */
const GROWING: ReadonlySet<unknown> = new Set([
  'agents',
  'demo',
  'agent',
  'conversations',
  'conversation',
  'drawn',
  'rows',
  'nodes',
  'reach',
  'strip',
  'node-of-event',
  'evidence',
  'integrity',
  'sensors',
  'containments',
  'bom',
  'scope',
  'drift',
  'baseline',
  'fleet',
  'observed',
  'policies',
  'rollouts',
  'policy-line',
  'newest',
  'incidents',
  'incident',
  'case',
  'response',
])

/**
 * Follows the server's stream of changes and makes what is shown be read again, at most every {@link REFRESH_MS}.
 * Returns the end of it.
 */
export function followChanges(client: QueryClient, onState: (state: LiveState) => void): () => void {
  const source = new EventSource('/api/v1/changes')
  let timer: ReturnType<typeof setTimeout> | undefined
  const refresh = (): void => {
    timer = undefined
    void client.invalidateQueries({ predicate: ({ queryKey }) => GROWING.has(queryKey[0]) })
  }
  source.addEventListener('open', () => {
    onState('live')
    // What happened while the connection was down is read once it is back.
    timer ??= setTimeout(refresh, 0)
  })
  source.addEventListener('error', () => onState(source.readyState === EventSource.CLOSED ? 'lost' : 'connecting'))
  source.addEventListener('changed', () => {
    timer ??= setTimeout(refresh, REFRESH_MS)
  })
  return () => {
    clearTimeout(timer)
    source.close()
  }
}
