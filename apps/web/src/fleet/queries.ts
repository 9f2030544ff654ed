import type { FleetMark } from '@holdfast/api'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api } from '../data/client.ts'

const PAGE = 200

export const fleetQueries = {
  fleet: () =>
    queryOptions({
      queryKey: ['fleet'],
      queryFn: ({ signal }) => api.call('getFleet', { signal }),
      // Profiles are read bit by bit: each answer goes on where the one before ended.
      refetchInterval: ({ state }) => ((state.data?.agents.unread ?? 0) > 0 ? 1_000 : false),
    }),

  agents: (asked: { readonly mark: FleetMark | undefined; readonly class: string | undefined }) =>
    infiniteQueryOptions({
      queryKey: ['fleet', 'agents', asked.mark ?? '', asked.class ?? ''],
      queryFn: ({ signal, pageParam }) =>
        api.call('listFleetAgents', {
          query: {
            offset: pageParam,
            limit: PAGE,
            ...(asked.mark === undefined ? {} : { mark: asked.mark }),
            ...(asked.class === undefined ? {} : { class: asked.class }),
          },
          signal,
        }),
      initialPageParam: 0,
      getNextPageParam: (last, pages) => {
        const read = pages.reduce((sum, { items }) => sum + items.length, 0)
        return last.items.length > 0 && read < last.total ? read : undefined
      },
    }),
}
