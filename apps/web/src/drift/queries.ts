import { queryOptions } from '@tanstack/react-query'
import { ApiError, type DriftWire } from '@holdfast/api'
import { api } from '../data/client.ts'

/** What the pages of drift read. */
export const driftQueries = {
  agent: (agent: string, at: string | undefined) =>
    queryOptions({
      queryKey: ['drift', agent, at ?? ''],
      // An agent of which nothing was heard has no drift, which is an answer.
      queryFn: async ({ signal }): Promise<DriftWire | null> =>
        api
          .call('getDrift', { params: { agent }, query: at === undefined ? {} : { at }, signal })
          .catch((error: unknown) =>
            error instanceof ApiError && error.status === 404 ? null : Promise.reject(error),
          ),
    }),

  list: () =>
    queryOptions({ queryKey: ['drift', ''], queryFn: ({ signal }) => api.call('listDrift', { query: {}, signal }) }),
}
