import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { ApiError, type Answer, type Query } from '@holdfast/api'
import { FOLDED_MEMBERS, LIST_PAGE, NEWEST_EVENTS, ROW_PAGE, SIMULATION_LOOK_MS, VALUES_ASKED } from '../limits.ts'
import type { TimeSearch } from '../search-params.ts'
import { api } from './client.ts'

/** What evidence is kept of. */
export type Execution = { readonly kind: 'conversation' | 'incident'; readonly id: string }

/** What each page reads. The first word of a key is what a change in the log makes stale (changes.ts). */
type ValuesAsked = {
  readonly conversation: string
  readonly members: readonly string[]
  readonly fingerprints: readonly string[]
  readonly sight: Sight
}

export const queries = {
  session: () => queryOptions({ queryKey: ['session'], queryFn: ({ signal }) => api.call('getSession', { signal }) }),

  agents: (q: string | undefined) =>
    infiniteQueryOptions({
      queryKey: ['agents', q ?? ''],
      queryFn: ({ pageParam, signal }) =>
        api.call('listAgents', { query: { limit: LIST_PAGE, ...given({ cursor: pageParam, q }) }, signal }),
      initialPageParam: firstPage,
      getNextPageParam: nextPage,
    }),

  agent: (agent: string) =>
    queryOptions({
      queryKey: ['agent', agent],
      queryFn: ({ signal }) => api.call('getAgent', { params: { agent }, signal }),
    }),

  baseline: (agent: string, at: string | undefined) =>
    queryOptions({
      queryKey: ['baseline', agent, at ?? ''],
      // An agent that was never observed has no profile, which is an answer.
      queryFn: async ({ signal }): Promise<Answer<'getBaseline'> | null> =>
        api
          .call('getBaseline', { params: { agent }, query: given({ at }), signal })
          .catch((error: unknown) =>
            error instanceof ApiError && error.status === 404 ? null : Promise.reject(error),
          ),
    }),

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

  profileEntries: (agent: string, { at, dimension, limit }: ProfileAsked) =>
    queryOptions({
      queryKey: ['baseline', agent, 'entries', at ?? '', dimension ?? '', limit],
      queryFn: ({ signal }) =>
        api.call('listProfileEntries', {
          params: { agent },
          query: { ...given({ at }), ...(dimension === undefined ? {} : { dimension }), limit },
          signal,
        }),
    }),

  profileProofs: (agent: string, query: Pick<Query<'listProfileProofs'>, 'dimension' | 'key'>) =>
    queryOptions({
      queryKey: ['baseline', agent, 'proofs', query],
      queryFn: ({ signal }) =>
        api.call('listProfileProofs', { params: { agent }, query: { ...query, limit: 5 }, signal }),
    }),

  observed: () =>
    queryOptions({ queryKey: ['observed'], queryFn: ({ signal }) => api.call('listObserved', { signal }) }),

  scope: (agent: string, at: string | undefined) =>
    queryOptions({
      queryKey: ['scope', agent, at ?? ''],
      queryFn: ({ signal }) => api.call('getScope', { params: { agent }, query: given({ at }), signal }),
      placeholderData: keepPreviousData,
    }),

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

  /** As of an instant: what had happened by then, or what the log held by then. */
  bom: (agent: string, { at, by }: TimeSearch) =>
    queryOptions({
      queryKey: ['bom', agent, at ?? '', by ?? ''],
      queryFn: ({ signal }) =>
        api.call('getBom', {
          params: { agent },
          query: given(by === 'known' ? { at, knownAt: at } : { at }),
          signal,
        }),
      placeholderData: keepPreviousData,
    }),

  bomDiff: (agent: string, { from, to }: { readonly from: string; readonly to: string | undefined }) =>
    queryOptions({
      queryKey: ['bom', agent, from, to ?? ''],
      queryFn: ({ signal }) => api.call('getBomDiff', { params: { agent }, query: { from, ...given({ to }) }, signal }),
    }),

  risks: (agent: string) =>
    queryOptions({
      queryKey: ['bom', agent, 'risks'],
      queryFn: ({ signal }) => api.call('listRisks', { query: { agent }, signal }),
    }),

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

  evidence: ({ kind, id }: Execution) =>
    queryOptions<Pick<Answer<'getEvidence'>, 'artifacts' | 'completeness'>>({
      queryKey: ['evidence', kind, id],
      queryFn: ({ signal }) =>
        kind === 'incident'
          ? api.call('getIncidentEvidence', { params: { incident: id }, signal })
          : api.call('getEvidence', { params: { conversation: id }, signal }),
    }),

  caseOf: (incident: string) =>
    queryOptions({
      queryKey: ['case', incident],
      queryFn: ({ signal }) => api.call('getCase', { params: { incident }, signal }),
    }),

  ladderOf: (incident: string) =>
    queryOptions({
      queryKey: ['response', incident, 'ladder'],
      queryFn: ({ signal }) => api.call('planIncident', { params: { incident }, signal }),
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

  event: (event: string) =>
    queryOptions({
      queryKey: ['event', event],
      queryFn: ({ signal }) => api.call('getEvent', { params: { event }, signal }),
      staleTime: Infinity,
    }),

  /** The newest events of an agent of one kind. */
  newest: (agent: string, kind: string) =>
    queryOptions({
      queryKey: ['newest', agent, kind],
      queryFn: ({ signal }) => api.call('listEvents', { query: { agent, kind, limit: NEWEST_EVENTS }, signal }),
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

  integrity: () =>
    queryOptions({ queryKey: ['integrity'], queryFn: ({ signal }) => api.call('getIntegrity', { signal }) }),

  containments: (target: string) =>
    queryOptions({
      queryKey: ['containments', target],
      queryFn: ({ signal }) => api.call('listContainments', { query: { target }, signal }),
    }),

  sensors: () => queryOptions({ queryKey: ['sensors'], queryFn: ({ signal }) => api.call('listSensors', { signal }) }),

  roster: () => queryOptions({ queryKey: ['roster'], queryFn: ({ signal }) => api.call('getRoster', { signal }) }),

  inventoryFindings: () =>
    queryOptions({
      queryKey: ['inventory-findings'],
      queryFn: ({ signal }) => api.call('listInventoryFindings', { query: {}, signal }),
    }),

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

type ProfileAsked = {
  readonly at: string | undefined
  readonly dimension: Query<'listProfileEntries'>['dimension']
  readonly limit: number
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

const firstPage: string | undefined = undefined as string | undefined // the type of later pages

function nextPage(last: Pick<Answer<'listAgents'>, 'nextCursor'>): string | undefined {
  return last.nextCursor
}

/** The fields that have a value: an absent one must not travel as an empty text. */
function given<T extends Record<string, string | undefined>>(fields: T): { [K in keyof T]?: string } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined && value !== '')
  return Object.fromEntries(entries) as { [K in keyof T]?: string } // keys of `fields`, the empty ones left out
}
