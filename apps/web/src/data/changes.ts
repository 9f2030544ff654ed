import type { Query, QueryClient } from '@tanstack/react-query'
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
 * Reads again what grows with the log. An answer that is on its way is let come: who cancels it each time would never have the
 * one that takes longer than the log takes to grow. It may lack what came meanwhile, so it is owed one more.
 */
export class Refresher {
  readonly #client: QueryClient
  readonly #owed = new Set<string>()

  constructor(client: QueryClient) {
    this.#client = client
  }

  /** Reads what stands still, all of it or what it still owes; true where something was on its way and is owed. */
  refresh(what: 'all' | 'owed'): boolean {
    const due = this.#client
      .getQueryCache()
      .findAll({ predicate: (query) => this.#isGrowing(query) && (what === 'all' || this.#owed.has(query.queryHash)) })
    this.#owed.clear()
    for (const query of due) if (query.state.fetchStatus === 'fetching') this.#owed.add(query.queryHash)
    void this.#client.invalidateQueries({
      predicate: (query) => due.includes(query) && !this.#owed.has(query.queryHash),
    })
    return this.#owed.size > 0
  }

  #isGrowing({ queryKey }: Query): boolean {
    return GROWING.has(queryKey[0])
  }
}

/**
 * Follows the server's stream of changes and makes what is shown be read again, at most every {@link REFRESH_MS}.
 * Returns the end of it.
 */
export function followChanges(client: QueryClient, onState: (state: LiveState) => void): () => void {
  const source = new EventSource('/api/v1/changes')
  const refresher = new Refresher(client)
  let timer: ReturnType<typeof setTimeout> | undefined
  let what: 'all' | 'owed' = 'owed'
  const refresh = (): void => {
    const isOwed = refresher.refresh(what)
    what = 'owed'
    timer = isOwed ? setTimeout(refresh, REFRESH_MS) : undefined
  }
  const soon = (ms: number): void => {
    what = 'all'
    timer ??= setTimeout(refresh, ms)
  }
  let isFirst = true
  source.addEventListener('open', () => {
    onState('live')
    // What happened while the connection was down is read once it is back. A page that has just come is painted first: of what it
    // shows nothing is older than the page.
    soon(isFirst ? REFRESH_MS : 0)
    isFirst = false
  })
  source.addEventListener('error', () => onState(source.readyState === EventSource.CLOSED ? 'lost' : 'connecting'))
  source.addEventListener('changed', () => soon(REFRESH_MS))
  return () => {
    clearTimeout(timer)
    source.close()
  }
}
