import { queryOptions } from '@tanstack/react-query'
import { LIST_PAGE } from '../limits.ts'
import { given } from './asked.ts'
import { api } from './client.ts'

/** What is asked about incidents and the response to them. */
export const incidentQueries = {
  incidents: ({ attempts, agent }: { readonly attempts: true | undefined; readonly agent: string | undefined }) =>
    queryOptions({
      queryKey: ['incidents', attempts ?? false, agent ?? ''],
      queryFn: ({ signal }) =>
        api.call('listIncidents', {
          query: { limit: LIST_PAGE, outcome: attempts === true ? 'all' : 'incident', ...given({ agent }) },
          signal,
        }),
    }),

  /** Whether an agent or a conversation has any. */
  incidentsOf: (of: { readonly agent: string } | { readonly conversation: string }) =>
    queryOptions({
      queryKey: ['incidents', of],
      queryFn: ({ signal }) => api.call('listIncidents', { query: { ...of, limit: 1 }, signal }),
    }),

  incident: (incident: string) =>
    queryOptions({
      queryKey: ['incident', incident],
      queryFn: ({ signal }) => api.call('getIncident', { params: { incident }, signal }),
    }),

  caseOf: (incident: string) =>
    queryOptions({
      queryKey: ['case', incident],
      queryFn: ({ signal }) => api.call('getCase', { params: { incident }, signal }),
    }),

  ladderOf: (incident: string) =>
    queryOptions({
      queryKey: ['response', incident, 'ladder'],
      queryFn: ({ signal }) => api.call('planIncident', { params: { incident }, query: { forecast: 'no' }, signal }),
    }),

  /** Why no plan would come of the proposed rung. Everybody who could hold something is asked: the page does not wait for it. */
  whyNoPlan: (incident: string) =>
    queryOptions({
      queryKey: ['response', incident, 'forecast'],
      queryFn: async ({ signal }) =>
        (await api.call('planIncident', { params: { incident }, query: { forecast: 'yes' }, signal })).whyNoPlan ?? [],
    }),

  plansOf: (incident: string) =>
    queryOptions({
      queryKey: ['response', incident, 'plans'],
      queryFn: ({ signal }) => api.call('listResponsePlans', { params: { incident }, signal }),
    }),

  scopeOfIncident: (incident: string) =>
    queryOptions({
      queryKey: ['response', incident, 'scope'],
      queryFn: ({ signal }) => api.call('getIncidentScope', { params: { incident }, signal }),
    }),

  auditOf: (incident: string) =>
    queryOptions({
      queryKey: ['response', incident, 'audit'],
      queryFn: ({ signal }) => api.call('getIncidentAudit', { params: { incident }, signal }),
    }),

  recoveryOf: (incident: string) =>
    queryOptions({
      queryKey: ['response', incident, 'recovery'],
      queryFn: ({ signal }) => api.call('getRecovery', { params: { incident }, signal }),
    }),

  learningsOf: (incident: string) =>
    queryOptions({
      queryKey: ['response', incident, 'learnings'],
      queryFn: ({ signal }) => api.call('listLearnings', { query: { incident }, signal }),
    }),
}
