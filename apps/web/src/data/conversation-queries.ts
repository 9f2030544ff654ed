import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { Answer, Query } from '@holdfast/api'
import { FOLDED_MEMBERS, LIST_PAGE, ROW_PAGE, VALUES_ASKED } from '../limits.ts'
import { firstPage, given, nextPage } from './asked.ts'
import { api } from './client.ts'

type MarkedPath = {
  readonly node: string
  readonly path: 'trigger' | 'reach'
  /** The event that a trigger path leads through, where it does. */
  readonly via: string | undefined
}

/** What is asked for a path that the address names: the strip and the drawing ask the same, once. */
export function reachQuery({ node, path, via }: MarkedPath): Query<'getReach'> {
  return path === 'reach' ? { node, direction: 'forward' } : { node, direction: 'backward', ...given({ via }) }
}

/** What is asked about conversations and what they are made of. */
export const conversationQueries = {
  conversations: (agent: string | undefined, q: string | undefined) =>
    infiniteQueryOptions({
      queryKey: ['conversations', agent ?? '', q ?? ''],
      queryFn: ({ pageParam, signal }) =>
        api.call('listConversations', {
          query: { limit: LIST_PAGE, ...given({ cursor: pageParam, agent, q }) },
          signal,
        }),
      initialPageParam: firstPage,
      getNextPageParam: nextPage,
    }),

  conversation: (conversation: string) =>
    queryOptions({
      queryKey: ['conversation', conversation],
      queryFn: ({ signal }) => api.call('getConversation', { params: { conversation }, signal }),
    }),

  drawn: (conversation: string, query: Query<'getDrawnGraph'>) =>
    queryOptions({
      queryKey: ['drawn', conversation, query],
      queryFn: ({ signal }) => api.call('getDrawnGraph', { params: { conversation }, query, signal }),
      placeholderData: keepPreviousData,
    }),

  rows: (conversation: string, { page, q, only, sight }: RowsAsked) =>
    queryOptions({
      queryKey: ['rows', conversation, sight, q ?? '', only ?? '', page],
      queryFn: ({ signal }) =>
        api.call('listRows', {
          params: { conversation },
          query: {
            offset: page * ROW_PAGE,
            limit: ROW_PAGE,
            // Something is seen at once; the live stream has it read again when the newest is there.
            ...(page === 0 ? { last: 'true' as const } : {}),
            ...given({ q }),
            ...sight,
            ...(only === undefined ? {} : { unjoined: 'true' as const }),
          },
          signal,
        }),
    }),

  /** Rows of the named nodes, at most 50. */
  nodes: (conversation: string, ids: readonly string[], sight: Sight) =>
    queryOptions({
      queryKey: ['nodes', conversation, ids, sight],
      queryFn: ({ signal }) =>
        api.call('listRows', {
          params: { conversation },
          query: { node: ids.slice(0, FOLDED_MEMBERS).join(','), limit: FOLDED_MEMBERS, ...sight },
          signal,
        }),
      enabled: ids.length > 0,
    }),

  /** The row of the node that stands for an event. */
  nodeOfEvent: (conversation: string, event: string, sight: Sight) =>
    queryOptions({
      queryKey: ['node-of-event', conversation, event, sight],
      queryFn: ({ signal }) =>
        api.call('listRows', {
          params: { conversation },
          query: { q: event.toLowerCase(), limit: 1, ...sight },
          signal,
        }),
    }),

  strip: (conversation: string, { with: together, by }: Sight) =>
    queryOptions({
      queryKey: ['strip', conversation, together ?? '', by ?? ''],
      queryFn: ({ signal }) =>
        api.call('getStrip', {
          params: { conversation },
          query: { ...given({ with: together }), ...(by === undefined ? {} : { by }) },
          signal,
        }),
      placeholderData: keepPreviousData,
    }),

  reach: (conversation: string, query: Query<'getReach'>) =>
    queryOptions({
      queryKey: ['reach', conversation, query],
      queryFn: ({ signal }) => api.call('getReach', { params: { conversation }, query, signal }),
    }),

  event: (event: string) =>
    queryOptions({
      queryKey: ['event', event],
      queryFn: ({ signal }) => api.call('getEvent', { params: { event }, signal }),
      staleTime: Infinity,
    }),

  content: (event: string, slot: string, query: Query<'getContent'>) =>
    queryOptions({
      queryKey: ['content', event, slot, query],
      queryFn: ({ signal }) => api.call('getContent', { params: { event, slot }, query, signal }),
      staleTime: Infinity,
    }),

  /** Values by which something reached these nodes, by fingerprint: of each of their events until all are found. */
  values: ({ conversation, members, fingerprints, sight }: ValuesAsked) =>
    queryOptions({
      queryKey: ['values', conversation, members, fingerprints, sight],
      queryFn: async ({ signal }) => {
        const node = members.slice(0, FOLDED_MEMBERS).join(',')
        const of = { params: { conversation }, query: { node, limit: FOLDED_MEMBERS, ...sight }, signal }
        const events = (await api.call('listRows', of)).items.flatMap((row) => row.events)
        const query = { fingerprints: fingerprints.slice(0, VALUES_ASKED).join(',') }
        const found = new Map<string, Answer<'getEventValues'>['values'][number]>()
        for (const event of events.slice(0, FOLDED_MEMBERS)) {
          const { values } = await api.call('getEventValues', { params: { event }, query, signal })
          for (const value of values) found.set(value.fingerprint, value)
          if (found.size === fingerprints.length) break
        }
        return [...found.values()]
      },
      staleTime: Infinity,
    }),
}

/** What of a conversation is looked at: which others with it, and up to when by which clock. */
export type Sight = Pick<Query<'getGraph'>, 'with' | 'at' | 'by'>

type RowsAsked = {
  readonly sight: Sight
  readonly page: number
  readonly q: string | undefined
  /** Only what the kernel saw and is joined to no act of the agent. */
  readonly only?: 'unjoined' | undefined
}

type ValuesAsked = {
  readonly conversation: string
  readonly members: readonly string[]
  readonly fingerprints: readonly string[]
  readonly sight: Sight
}
