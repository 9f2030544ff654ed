import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api } from '../data/client.ts'

export type AuditAsked = {
  readonly kind?: 'violation' | 'incident' | undefined
  readonly artifact?: string | undefined
}

export const auditQueries = {
  list: ({ kind, artifact }: AuditAsked) =>
    infiniteQueryOptions({
      queryKey: ['audit', kind ?? '', artifact ?? ''],
      queryFn: ({ pageParam, signal }) =>
        api.call('listAudit', {
          query: {
            ...(kind === undefined ? {} : { kind }),
            ...(artifact === undefined ? {} : { artifact }),
            ...(pageParam === undefined ? {} : { cursor: pageParam }),
          },
          signal,
        }),
      initialPageParam: undefined as string | undefined, // the type of later pages
      getNextPageParam: ({ nextCursor }) => nextCursor,
    }),

  find: (id: string) =>
    queryOptions({
      queryKey: ['audit', 'find', id],
      queryFn: ({ signal }) => api.call('findAudit', { query: { id }, signal }),
    }),

  /** Who reads a row is on record, so it is not read again by itself. */
  row: (row: string) =>
    queryOptions({
      queryKey: ['audit-row', row],
      queryFn: ({ signal }) => api.call('getAuditRow', { params: { row }, signal }),
      staleTime: 60_000,
    }),
}
