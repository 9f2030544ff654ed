import type { AgentId, ConversationId, EventId, EventSummary } from '@holdfast/model'
import type { Place } from './span-index.ts'

/**
 * Keys of the workspace projection. Parts that a sender chose are percent-encoded, so that a slash in a name cannot
 * reach into another's keys; numbers are padded, so that keys sort as numbers do.
 */
export const keys = {
  agent: (agent: AgentId) => `a/${part(agent)}`,
  agents: () => 'a/',
  recentAgent: (recordedAt: string, agent: AgentId) => `n/${newestFirst(recordedAt)}/${part(agent)}`,
  recentAgents: () => 'n/',
  /** Whose acts only an authority's log tells, and documents of no agent: they are no agents of the list. */
  recentPrincipal: (recordedAt: string, agent: AgentId) => `np/${newestFirst(recordedAt)}/${part(agent)}`,
  recentPrincipals: () => 'np/',
  /** How many agents there are. */
  agentCount: () => 'na',
  trace: (trace: string) => `t/${part(trace)}`,
  conversation: (conversation: string) => `c/${part(conversation)}`,
  /** Events of the entries of one trace that were folded together, by the first of them (event-block.ts). */
  events: (trace: string, firstEntry: number) => `e/${part(trace)}/${padded(firstEntry)}`,
  eventsOfTrace: (trace: string) => `e/${part(trace)}/`,
  member: (conversation: string, trace: string) => `m/${part(conversation)}/${part(trace)}`,
  members: (conversation: string) => `m/${part(conversation)}/`,
  recent: (recordedAt: string, conversation: string) => `r/${newestFirst(recordedAt)}/${part(conversation)}`,
  recents: () => 'r/',
  recentWithoutActs: (recordedAt: string, conversation: string) =>
    `rn/${newestFirst(recordedAt)}/${part(conversation)}`,
  recentsWithoutActs: () => 'rn/',
  recentOfAgent: (agent: AgentId, recordedAt: string, conversation: string) =>
    `ra/${part(agent)}/${newestFirst(recordedAt)}/${part(conversation)}`,
  recentsOfAgent: (agent: AgentId) => `ra/${part(agent)}/`,
  /** A kept answer about a conversation (AnswerCache). */
  answer: (conversation: string, variant: string) => `q/${part(conversation)}/${part(variant)}`,
  /** Event ids that do not say their trace and span. */
  looseEvent: (event: EventId) => `l/${part(event)}`,
  /** Where the events of a span lie, with their ids: one for each block that has some. */
  span: (place: Place, firstEntry: number) => `${spanInTrace(place)}${padded(firstEntry)}`,
  spans: (span: string) => `s/${part(span)}/`,
  spanInTrace,
  /** Where a text, or a value of it, entered: `posting` is a key of the graph's contagion index. */
  posting: (posting: string, teller: string, trace: string) => `p/${part(posting)}/${part(teller)}/${part(trace)}`,
  postings: (posting: string) => `p/${part(posting)}/`,
  /** Which entries of a block tell of a connection, by its five-tuple (socket-joins.ts). */
  connection: (tuple: string, trace: string, firstEntry: number) =>
    `k/${part(tuple)}/${part(trace)}/${padded(firstEntry)}`,
  connections: (tuple: string) => `k/${part(tuple)}/`,
  /** The block that a key of a connection speaks of. */
  eventsOfConnection: (key: string) => `e/${key.split('/').slice(2).join('/')}`,
  named: (kind: 'tool' | 'document', name: string, trace: string) => `x/${kind}/${part(name)}/${part(trace)}`,
  namedPrefix: (kind: 'tool' | 'document', name: string) => `x/${kind}/${part(name)}`,
} as const

function spanInTrace({ span, trace, teller }: Place): string {
  return `s/${part(span)}/${part(trace)}/${part(teller)}/`
}

/** The trace an event belongs to, or what stands for one where the source has none. */
export function traceKeyOf(event: Pick<EventSummary, 'context' | 'agent'>): string {
  return event.context.trace ?? event.context.session ?? `unattributed~${event.agent.id}`
}

/** The conversations that one trace's records name; where none does, the trace is its own conversation. */
export function ownConversation(trace: string): ConversationId {
  // A trace key is text of our own making, at most 600 characters; ids are cut at 256 like every conversation id.
  return trace.slice(0, 256) as ConversationId
}

/** Last part of a key, decoded. */
export function lastPart(key: string): string {
  return decodeURIComponent(key.slice(key.lastIndexOf('/') + 1))
}

const MAX_UINT64 = (1n << 64n) - 1n

function newestFirst(recordedAt: string): string {
  return (MAX_UINT64 - BigInt(recordedAt)).toString().padStart(20, '0')
}

function part(text: string): string {
  return encodeURIComponent(text.isWellFormed() ? text : text.toWellFormed())
}

function padded(index: number): string {
  return index.toString().padStart(16, '0')
}
