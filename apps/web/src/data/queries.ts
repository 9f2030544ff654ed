import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { Answer } from '@holdfast/api'
import { agentQueries } from './agent-queries.ts'
import { api } from './client.ts'
import { conversationQueries } from './conversation-queries.ts'
import { incidentQueries } from './incident-queries.ts'
import { policyQueries } from './policy-queries.ts'

/** What evidence is kept of. */
export type Execution = { readonly kind: 'conversation' | 'incident'; readonly id: string }

/** What each page reads. The first word of a key is what a change in the log makes stale (changes.ts). */
export const queries = {
  ...agentQueries,
  ...policyQueries,
  ...conversationQueries,
  ...incidentQueries,

  signIn: () => queryOptions({ queryKey: ['sign-in'], queryFn: ({ signal }) => api.call('getSignIn', { signal }) }),

  session: () => queryOptions({ queryKey: ['session'], queryFn: ({ signal }) => api.call('getSession', { signal }) }),

  evidence: ({ kind, id }: Execution) =>
    queryOptions<Pick<Answer<'getEvidence'>, 'artifacts' | 'completeness'>>({
      queryKey: ['evidence', kind, id],
      queryFn: ({ signal }) =>
        kind === 'incident'
          ? api.call('getIncidentEvidence', { params: { incident: id }, signal })
          : api.call('getEvidence', { params: { conversation: id }, signal }),
    }),

  integrity: () =>
    queryOptions({ queryKey: ['integrity'], queryFn: ({ signal }) => api.call('getIntegrity', { signal }) }),

  sensors: () => queryOptions({ queryKey: ['sensors'], queryFn: ({ signal }) => api.call('listSensors', { signal }) }),

  doctor: () => queryOptions({ queryKey: ['doctor'], queryFn: ({ signal }) => api.call('doctor', { signal }) }),

  proof: (index: number) =>
    queryOptions({
      queryKey: ['proof', index],
      queryFn: ({ signal }) => api.call('getProof', { params: { index }, signal }),
    }),

  rawEntry: (index: number) =>
    queryOptions({
      queryKey: ['raw-entry', index],
      queryFn: ({ signal }) => api.call('getRawEntry', { params: { index }, signal }),
      staleTime: Infinity,
    }),

  search: (q: string) =>
    queryOptions({
      queryKey: ['search', q],
      queryFn: ({ signal }) => api.call('search', { query: { q }, signal }),
      enabled: q.trim() !== '',
      placeholderData: keepPreviousData,
    }),
}
