import { queryOptions } from '@tanstack/react-query'
import { api } from '../data/client.ts'
import { FIGURES_READ_MS, STANDING_READ_MS } from '../limits.ts'

/** What the pages of incidents read beside the incidents themselves. */
export const incidentQueries = {
  figures: () =>
    queryOptions({
      queryKey: ['response-figures'],
      queryFn: ({ signal }) => api.call('getResponseMetrics', { signal }),
      refetchInterval: FIGURES_READ_MS,
    }),

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
