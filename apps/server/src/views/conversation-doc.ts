import { lessReal } from '@holdfast/model'
import { AGENTS_PER_CONVERSATION } from '../limits.ts'
import type { ConversationDoc, TraceDoc } from './docs.ts'
import { keys } from './keys.ts'
import { compare, compareTitles, earlier, later, withAgents } from './trace-doc.ts'

/** A conversation without traces. */
export function newConversation(id: string): ConversationDoc {
  return {
    id,
    agents: [],
    moreAgents: false,
    entries: 0,
    traces: 0,
    acting: 0,
    modelCalls: 0,
    toolCalls: 0,
    errors: 0,
    firstClaimed: '',
    lastClaimed: '',
    lastRecorded: '0',
    clock: 'live',
    dialects: [],
    title: undefined,
  }
}

/** The conversation with the trace's counts in it. Agents, dialects and title are united: nothing seen is unseen. */
export function addTrace(doc: ConversationDoc, trace: TraceDoc): ConversationDoc {
  const title =
    trace.title !== undefined && (doc.title === undefined || compareTitles(trace.title, doc.title) < 0)
      ? trace.title
      : doc.title
  return {
    ...withCounts(doc, trace, 1),
    ...withAgents({ ...doc, moreAgents: doc.moreAgents || trace.moreAgents }, trace.agents, AGENTS_PER_CONVERSATION),
    dialects: [...new Set([...doc.dialects, ...trace.dialects])].toSorted(compare),
    firstClaimed: trace.firstClaimed === '' ? doc.firstClaimed : earlier(doc.firstClaimed, BigInt(trace.firstClaimed)),
    lastClaimed: trace.lastClaimed === '' ? doc.lastClaimed : later(doc.lastClaimed, BigInt(trace.lastClaimed)),
    lastRecorded: later(doc.lastRecorded, BigInt(trace.lastRecorded)),
    clock: lessReal(doc.clock, trace.clock),
    title,
  }
}

/** The conversation without the trace's counts; what is united stays until the trace comes back or the row goes. */
export function subtractTrace(doc: ConversationDoc, trace: TraceDoc): ConversationDoc {
  return withCounts(doc, trace, -1)
}

function withCounts(doc: ConversationDoc, trace: TraceDoc, sign: 1 | -1): ConversationDoc {
  return {
    ...doc,
    traces: doc.traces + sign,
    acting: doc.acting + (trace.hasAct ? sign : 0),
    entries: doc.entries + sign * trace.entries,
    modelCalls: doc.modelCalls + sign * trace.modelCalls,
    toolCalls: doc.toolCalls + sign * trace.toolCalls,
    errors: doc.errors + sign * trace.errors,
  }
}

type KeyWriter = { readonly put: (key: string, bytes: Uint8Array) => void; readonly remove: (key: string) => void }

const NOTHING = new Uint8Array(0)

/** The agents in whose lists the conversation stands. */
export function listedAgents(doc: ConversationDoc): ConversationDoc['agents'] {
  return doc.acting === 0 ? [] : doc.agents
}

/** Moves the conversation to where its newest record puts it in the lists; one without acts is found by search alone. */
export function moveRecent(batch: KeyWriter, before: ConversationDoc | undefined, after: ConversationDoc): void {
  if (before !== undefined) {
    batch.remove(recentKey(before))
    for (const [agent] of listedAgents(before)) batch.remove(keys.recentOfAgent(agent, before.lastRecorded, before.id))
  }
  if (after.traces === 0) return
  batch.put(recentKey(after), NOTHING)
  for (const [agent] of listedAgents(after)) batch.put(keys.recentOfAgent(agent, after.lastRecorded, after.id), NOTHING)
}

function recentKey({ acting, lastRecorded, id }: ConversationDoc): string {
  return acting === 0 ? keys.recentWithoutActs(lastRecorded, id) : keys.recent(lastRecorded, id)
}
