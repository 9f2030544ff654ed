import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { HuntField } from '@holdfast/model'
import { api } from '../data/client.ts'
import { BESIDE_VALUES, HUNT_PAGE, STACK_VALUES } from '../limits.ts'
import type { HuntSearch } from '../search-params.ts'

export type HuntAsked = Pick<HuntSearch, 'q' | 'from' | 'to' | 'clock'>

/** What the hunt reads. It stands still while somebody works on it, and is read again when they say so. */
export const huntQueries = {
  rows: (asked: HuntAsked) =>
    infiniteQueryOptions({
      queryKey: ['hunt-rows', asked],
      queryFn: ({ pageParam, signal }) =>
        api.call('hunt', {
          query: { ...asked, limit: HUNT_PAGE, ...(pageParam === '' ? {} : { cursor: pageParam }) },
          signal,
        }),
      initialPageParam: '',
      getNextPageParam: ({ nextCursor }) => nextCursor,
      staleTime: Infinity,
      placeholderData: keepPreviousData,
    }),

  facets: (asked: HuntAsked) =>
    queryOptions({
      queryKey: ['hunt-facets', asked],
      queryFn: ({ signal }) => api.call('huntFacets', { query: asked, signal }),
      staleTime: Infinity,
      placeholderData: keepPreviousData,
    }),

  /** All values of one column. */
  stack: (asked: HuntAsked, field: HuntField) =>
    queryOptions({
      queryKey: ['hunt-facets', asked, field],
      queryFn: ({ signal }) =>
        api.call('huntFacets', { query: { ...asked, fields: field, top: STACK_VALUES }, signal }),
      staleTime: Infinity,
    }),

  /** The commonest values of some columns, comma-separated. */
  counts: (asked: HuntAsked, fields: string) =>
    queryOptions({
      queryKey: ['hunt-facets', asked, fields],
      queryFn: ({ signal }) => api.call('huntFacets', { query: { ...asked, fields, top: BESIDE_VALUES }, signal }),
      staleTime: Infinity,
    }),

  savedViews: () =>
    queryOptions({ queryKey: ['saved-views'], queryFn: ({ signal }) => api.call('listSavedViews', { signal }) }),

  incidents: () =>
    queryOptions({
      queryKey: ['incidents', 'hunt'],
      queryFn: ({ signal }) => api.call('listIncidents', { query: { outcome: 'all', limit: 50 }, signal }),
    }),
} as const
