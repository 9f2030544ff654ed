import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { ApiError, type AttestationWire } from '@holdfast/api'
import { api } from '../data/client.ts'

export type About = { readonly agent?: string | undefined; readonly at?: string | undefined }

/** What the page of the diagnostic reads. Asked once for each agent and instant: it is read again when somebody asks again. */
export const diagnosticQueries = {
  diagnostic: ({ agent, at }: About) =>
    queryOptions({
      queryKey: ['diagnostic', agent ?? '', at ?? ''],
      queryFn: ({ signal }) =>
        api.call('getDiagnostic', {
          query: { ...(agent === undefined ? {} : { agent }), ...(at === undefined ? {} : { at }) },
          signal,
        }),
      staleTime: 60_000,
    }),

  agents: () =>
    queryOptions({
      queryKey: ['agents', 'diagnostic'],
      queryFn: ({ signal }) => api.call('listAgents', { query: { limit: 200 }, signal }),
    }),

  audits: (agent: string) =>
    queryOptions({
      queryKey: ['self-audits', agent],
      queryFn: ({ signal }) => api.call('listSelfAudits', { query: { agent }, signal }),
    }),

  scorecard: () =>
    queryOptions({ queryKey: ['scorecard'], queryFn: ({ signal }) => api.call('getScorecard', { signal }) }),

  attestations: () =>
    queryOptions({ queryKey: ['attestations'], queryFn: ({ signal }) => api.call('listAttestations', { signal }) }),

  attestation: (day: string) =>
    queryOptions({
      queryKey: ['attestations', day],
      queryFn: ({ signal }): Promise<AttestationWire | null> =>
        api
          .call('getAttestation', { params: { day }, signal })
          .catch((error: unknown) =>
            error instanceof ApiError && error.status === 404 ? null : Promise.reject(error),
          ),
      placeholderData: keepPreviousData,
    }),
}
