import { queryOptions } from '@tanstack/react-query'
import { api } from '../data/client.ts'
import { STANDING_READ_MS } from '../limits.ts'

/** What the incident page reads beside the incident itself. */
export const incidentQueries = {
  standing: (incident: string) =>
    queryOptions({
      queryKey: ['incident', incident, 'standing'],
      queryFn: ({ signal }) => api.call('getIncidentStanding', { params: { incident }, signal }),
      refetchInterval: STANDING_READ_MS,
    }),

  timeline: (incident: string, limit: number) =>
    queryOptions({
      queryKey: ['incident', incident, 'timeline', limit],
      queryFn: ({ signal }) => api.call('getIncidentTimeline', { params: { incident }, query: { limit }, signal }),
    }),

  duties: (incident: string) =>
    queryOptions({
      queryKey: ['incident', incident, 'duties'],
      queryFn: ({ signal }) => api.call('getDutyClocks', { params: { incident }, signal }),
    }),

  notes: (incident: string) =>
    queryOptions({
      queryKey: ['incident', incident, 'notes'],
      queryFn: ({ signal }) =>
        api.call('listAnnotations', { query: { kind: 'incident', subject: incident, limit: 500 }, signal }),
    }),
}
