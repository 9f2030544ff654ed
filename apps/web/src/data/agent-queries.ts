import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { ApiError, type Answer, type Query } from '@holdfast/api'
import { LIST_PAGE, NEWEST_EVENTS } from '../limits.ts'
import type { TimeSearch } from '../search-params.ts'
import { firstPage, given, nextPage } from './asked.ts'
import { api } from './client.ts'

/** What is asked about agents: who they are, what they do, may do and are held to. */
export const agentQueries = {
  agents: (q: string | undefined) =>
    infiniteQueryOptions({
      queryKey: ['agents', q ?? ''],
      queryFn: ({ pageParam, signal }) =>
        api.call('listAgents', { query: { limit: LIST_PAGE, ...given({ cursor: pageParam, q }) }, signal }),
      initialPageParam: firstPage,
      getNextPageParam: nextPage,
    }),

  agent: (agent: string) =>
    queryOptions({
      queryKey: ['agent', agent],
      queryFn: ({ signal }) => api.call('getAgent', { params: { agent }, signal }),
    }),

  baseline: (agent: string, at: string | undefined) =>
    queryOptions({
      queryKey: ['baseline', agent, at ?? ''],
      // An agent that was never observed has no profile, which is an answer.
      queryFn: async ({ signal }): Promise<Answer<'getBaseline'> | null> =>
        api
          .call('getBaseline', { params: { agent }, query: given({ at }), signal })
          .catch((error: unknown) =>
            error instanceof ApiError && error.status === 404 ? null : Promise.reject(error),
          ),
    }),

  profileEntries: (agent: string, { at, dimension, limit }: ProfileAsked) =>
    queryOptions({
      queryKey: ['baseline', agent, 'entries', at ?? '', dimension ?? '', limit],
      queryFn: ({ signal }) =>
        api.call('listProfileEntries', {
          params: { agent },
          query: { ...given({ at }), ...(dimension === undefined ? {} : { dimension }), limit },
          signal,
        }),
    }),

  profileProofs: (agent: string, query: Pick<Query<'listProfileProofs'>, 'dimension' | 'key'>) =>
    queryOptions({
      queryKey: ['baseline', agent, 'proofs', query],
      queryFn: ({ signal }) =>
        api.call('listProfileProofs', { params: { agent }, query: { ...query, limit: 5 }, signal }),
    }),

  observed: () =>
    queryOptions({ queryKey: ['observed'], queryFn: ({ signal }) => api.call('listObserved', { signal }) }),

  scope: (agent: string, at: string | undefined) =>
    queryOptions({
      queryKey: ['scope', agent, at ?? ''],
      queryFn: ({ signal }) => api.call('getScope', { params: { agent }, query: given({ at }), signal }),
      placeholderData: keepPreviousData,
    }),

  /** As of an instant: what had happened by then, or what the log held by then. */
  bom: (agent: string, { at, by }: TimeSearch) =>
    queryOptions({
      queryKey: ['bom', agent, at ?? '', by ?? ''],
      queryFn: ({ signal }) =>
        api.call('getBom', {
          params: { agent },
          query: given(by === 'known' ? { at, knownAt: at } : { at }),
          signal,
        }),
      placeholderData: keepPreviousData,
    }),

  bomDiff: (agent: string, { from, to }: { readonly from: string; readonly to: string | undefined }) =>
    queryOptions({
      queryKey: ['bom', agent, from, to ?? ''],
      queryFn: ({ signal }) => api.call('getBomDiff', { params: { agent }, query: { from, ...given({ to }) }, signal }),
    }),

  risks: (agent: string) =>
    queryOptions({
      queryKey: ['bom', agent, 'risks'],
      queryFn: ({ signal }) => api.call('listRisks', { query: { agent }, signal }),
    }),

  /** The newest events of an agent of one kind. */
  newest: (agent: string, kind: string) =>
    queryOptions({
      queryKey: ['newest', agent, kind],
      queryFn: ({ signal }) => api.call('listEvents', { query: { agent, kind, limit: NEWEST_EVENTS }, signal }),
    }),

  containments: (target: string) =>
    queryOptions({
      queryKey: ['containments', target],
      queryFn: ({ signal }) => api.call('listContainments', { query: { target }, signal }),
    }),

  roster: () => queryOptions({ queryKey: ['roster'], queryFn: ({ signal }) => api.call('getRoster', { signal }) }),

  inventoryFindings: () =>
    queryOptions({
      queryKey: ['inventory-findings'],
      queryFn: ({ signal }) => api.call('listInventoryFindings', { query: {}, signal }),
    }),
}

type ProfileAsked = {
  readonly at: string | undefined
  readonly dimension: Query<'listProfileEntries'>['dimension']
  readonly limit: number
}
