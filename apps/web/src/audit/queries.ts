import { queryOptions } from '@tanstack/react-query'
import { api } from '../data/client.ts'

export const auditQueries = {
  list: (kind: 'violation' | 'incident' | undefined) =>
    queryOptions({
      queryKey: ['audit', kind ?? ''],
      queryFn: ({ signal }) => api.call('listAudit', { query: kind === undefined ? {} : { kind }, signal }),
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
