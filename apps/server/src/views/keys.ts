import type { AgentId, ConversationId, EventId, EventSummary } from '@holdfast/model'
import { EPOCH_ENTRIES } from '../limits.ts'
import type { Place } from './span-index.ts'
import { keyPart } from './key-part.ts'

/**
 * Keys of the workspace projection. Parts that a sender chose are percent-encoded, so that a slash in a name cannot
 * reach into another's keys; numbers are padded, so that keys sort as numbers do.
 */
export const keys = {
  agent: (agent: AgentId) => `a/${keyPart(agent)}`,
  agents: () => 'a/',
  recentAgent: (recordedAt: string, agent: AgentId) => `n/${newestFirst(recordedAt)}/${keyPart(agent)}`,
  recentAgents: () => 'n/',
  /** Whose acts only an authority's log tells, and documents of no agent: they are no agents of the list. */
  recentPrincipal: (recordedAt: string, agent: AgentId) => `np/${newestFirst(recordedAt)}/${keyPart(agent)}`,
  recentPrincipals: () => 'np/',
  /** How many agents there are. */
  agentCount: () => 'na',
  trace: (trace: string) => `t/${keyPart(trace)}`,
  conversation: (conversation: string) => `c/${keyPart(conversation)}`,
  /** Events of the entries of one trace that were folded together, by the first of them (event-block.ts). */
  events: (trace: string, firstEntry: number) => `e/${keyPart(trace)}/${padded(firstEntry)}`,
  eventsOfTrace: (trace: string) => `e/${keyPart(trace)}/`,
  member: (conversation: string, trace: string) => `m/${keyPart(conversation)}/${keyPart(trace)}`,
  members: (conversation: string) => `m/${keyPart(conversation)}/`,
  recent: (recordedAt: string, conversation: string) => `r/${newestFirst(recordedAt)}/${keyPart(conversation)}`,
  recents: () => 'r/',
  recentWithoutActs: (recordedAt: string, conversation: string) =>
    `rn/${newestFirst(recordedAt)}/${keyPart(conversation)}`,
  recentsWithoutActs: () => 'rn/',
  recentOfAgent: (agent: AgentId, recordedAt: string, conversation: string) =>
    `ra/${keyPart(agent)}/${newestFirst(recordedAt)}/${keyPart(conversation)}`,
  recentsOfAgent: (agent: AgentId) => `ra/${keyPart(agent)}/`,
  /** A kept answer about a conversation (AnswerCache). */
  answer: (conversation: string, variant: string) => `q/${keyPart(conversation)}/${keyPart(variant)}`,
  /** Event ids that do not say their trace and span. */
  looseEvent: (event: EventId) => `l/${keyPart(event)}`,
  /** Where the events of a span lie, with their ids: one for each block that has some. */
  span: (place: Place, firstEntry: number) => `${spanInTrace(place)}${padded(firstEntry)}`,
  spanInTrace,
  /** The traces that have a span of this id, by the epoch of the entry that tells it. */
  traceOfSpan: (epoch: number, { span, trace }: Place) => `i/${inEpoch(epoch)}/${keyPart(span)}/${keyPart(trace)}`,
  tracesOfSpan: (epoch: number, span: string) => `i/${inEpoch(epoch)}/${keyPart(span)}/`,
  /** Where a text, or a value of it, entered: `posting` is a key of the graph's contagion index. */
  posting: (posting: string, { epoch, teller, trace }: Posted) =>
    `p/${inEpoch(epoch)}/${postingPart(posting)}/${keyPart(teller)}/${keyPart(trace)}`,
  postings: (epoch: number, posting: string) => `p/${inEpoch(epoch)}/${postingPart(posting)}/`,
  /** Which entries of a block tell of a connection, by its five-tuple (socket-joins.ts). */
  connection: (tuple: string, trace: string, firstEntry: number) =>
    `k/${keyPart(tuple)}/${keyPart(trace)}/${padded(firstEntry)}`,
  connections: (tuple: string) => `k/${keyPart(tuple)}/`,
  /** The block that a key of a connection speaks of. */
  eventsOfConnection: (key: string) => `e/${key.split('/').slice(2).join('/')}`,
  named: (kind: 'tool' | 'document', name: string, trace: string) => `x/${kind}/${keyPart(name)}/${keyPart(trace)}`,
  namedPrefix: (kind: 'tool' | 'document', name: string) => `x/${kind}/${keyPart(name)}`,
  /** Which names hold a word (name-words.ts), whoever read them. */
  word: (kind: 'tool' | 'document', word: string, name: string) => `w/${kind}/${keyPart(word)}/${keyPart(name)}`,
  wordPrefix: (kind: 'tool' | 'document', start: string) => `w/${kind}/${keyPart(start)}`,
} as const

function spanInTrace({ span, trace, teller }: Place): string {
  return `s/${keyPart(trace)}/${keyPart(span)}/${keyPart(teller)}/`
}

/** Who told a text, in which trace, in an entry of which epoch. */
type Posted = { readonly epoch: number; readonly teller: string; readonly trace: string }

/** See {@link EPOCH_ENTRIES}. */
export function epochOf(entry: number): number {
  return Math.floor(entry / EPOCH_ENTRIES)
}

function inEpoch(epoch: number): string {
  return epoch.toString().padStart(8, '0')
}

/** The kind and 128 bits of a digest, as nobody can make two texts that meet in those; the fingerprint of a value is shorter. */
function postingPart(posting: string): string {
  return keyPart(posting.slice(0, 34))
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

function padded(index: number): string {
  return index.toString().padStart(16, '0')
}
