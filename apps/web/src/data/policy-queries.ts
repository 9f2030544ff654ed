import { queryOptions } from '@tanstack/react-query'
import { SIMULATION_LOOK_MS } from '../limits.ts'
import { given } from './asked.ts'
import { api } from './client.ts'

/** What is asked about policies. */
export const policyQueries = {
  policies: (agent: string | undefined) =>
    queryOptions({
      queryKey: ['policies', agent ?? ''],
      queryFn: ({ signal }) => api.call('listPolicies', { query: given({ agent }), signal }),
    }),

  rollouts: () =>
    queryOptions({ queryKey: ['rollouts'], queryFn: ({ signal }) => api.call('listRollouts', { signal }) }),

  /** A policy never changes: its id is the digest of its content. */
  policy: (artifact: string) =>
    queryOptions({
      queryKey: ['policy', artifact],
      queryFn: ({ signal }) => api.call('getPolicyArtifact', { params: { artifact }, signal }),
      staleTime: Infinity,
    }),

  policyLine: (artifact: string, pointer: string) =>
    queryOptions({
      queryKey: ['policy-line', artifact, pointer],
      queryFn: ({ signal }) => api.call('explainPolicy', { params: { artifact }, query: { pointer }, signal }),
    }),

  /** Asked again until it has ended. */
  simulation: (simulation: string | undefined) =>
    queryOptions({
      queryKey: ['simulation', simulation ?? ''],
      queryFn: ({ signal }) => api.call('getSimulation', { params: { simulation: simulation ?? '' }, signal }),
      enabled: simulation !== undefined,
      refetchInterval: ({ state }) =>
        state.data?.state === 'done' || state.data?.state === 'failed' ? false : SIMULATION_LOOK_MS,
    }),
}
