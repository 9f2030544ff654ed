import type { ClockKind, EventSummary } from '@holdfast/model'
import { CONVERSATIONS_PER_TRACE, JOINS_PER_TRACE, NAMES_PER_AGENT, TITLE_CHARACTERS } from '../limits.ts'
import type { TitleDoc, TraceDoc } from './docs.ts'
import type { FoldInput } from './fold-input.ts'
import { ownConversation } from './keys.ts'

/** A trace of which nothing is counted yet. */
export function newTrace(key: string, clock: ClockKind): TraceDoc {
  return {
    key,
    conversations: [],
    joins: [],
    agents: [],
    entries: 0,
    modelCalls: 0,
    toolCalls: 0,
    errors: 0,
    firstClaimed: '',
    lastClaimed: '',
    lastRecorded: '0',
    clock,
    dialects: [],
    title: undefined,
  }
}

/** The trace with one more entry. `repeated`: its acts are counted already. */
export function addToTrace(doc: TraceDoc, input: FoldInput, { repeated }: { readonly repeated: boolean }): TraceDoc {
  const { entry, events } = input
  const acts = repeated ? [] : events
  return {
    ...doc,
    conversations: withNames(
      doc.conversations,
      events.map((event) => event.context.conversation),
      CONVERSATIONS_PER_TRACE,
    ),
    joins: withNames(doc.joins, events.flatMap(joinsOf), JOINS_PER_TRACE),
    agents: doc.agents.some(([id]) => id === entry.envelope.agent)
      ? doc.agents
      : [...doc.agents, [entry.envelope.agent, entry.envelope.agentName] satisfies TraceDoc['agents'][number]].toSorted(
          (a, b) => compare(a[0], b[0]),
        ),
    entries: doc.entries + 1,
    modelCalls: doc.modelCalls + acts.filter(({ body }) => body.kind === 'model-call').length,
    toolCalls: doc.toolCalls + acts.filter(({ body }) => body.kind === 'tool-call').length,
    errors: doc.errors + acts.filter(({ body }) => 'error' in body && body.error !== undefined).length,
    firstClaimed: events.reduce((first, event) => earlier(first, event.claimedAt), doc.firstClaimed),
    lastClaimed: events.reduce((last, event) => later(last, event.claimedUntil ?? event.claimedAt), doc.lastClaimed),
    lastRecorded: later(doc.lastRecorded, entry.recordedAt),
    dialects: withNames(
      doc.dialects,
      events.map((event) => event.source.dialect),
      NAMES_PER_AGENT,
    ),
    title: events.reduce((title, event) => betterTitle(title, event, input.titleOf), doc.title),
  }
}

/** The conversations of a trace: those that its records name, or itself. */
export function conversationsOf(trace: TraceDoc): readonly string[] {
  return trace.conversations.length === 0 ? [ownConversation(trace.key)] : trace.conversations
}

function joinsOf({ context, body }: EventSummary): readonly string[] {
  const linked = (context.links ?? []).map(({ trace }) => `trace:${trace}`)
  return body.kind === 'delegation' && body.delegationId !== undefined
    ? [...linked, `delegation:${body.delegationId}`]
    : linked
}

function withNames(names: string[], more: readonly (string | undefined)[], bound: number): string[] {
  const all = new Set(names)
  for (const name of more) if (name !== undefined) all.add(name)
  return all.size === names.length ? names : [...all].toSorted(compare).slice(0, bound)
}

/**
 * The user's message that a run began with: of the earliest model call the last user message, since what stands before
 * it is history. Whatever else has a text comes after. Decided by what the source says alone, so order does not matter.
 */
function betterTitle(
  known: TitleDoc | undefined,
  event: EventSummary,
  textOf: FoldInput['titleOf'],
): TitleDoc | undefined {
  const rank = titleRank(event)
  if (rank === undefined) return known
  const ordinal = event.body.kind === 'prompt' ? event.body.ordinal : 0
  const at = event.claimedAt.toString().padStart(20, '0')
  const candidate = { rank, at, ordinal, id: event.id, text: '' }
  if (known !== undefined && compareTitles(known, candidate) <= 0) return known
  const text = textOf(event)
  return text === undefined ? known : { ...candidate, text: text.slice(0, TITLE_CHARACTERS) }
}

function titleRank(event: EventSummary): number | undefined {
  if (event.body.kind === 'prompt' && event.body.role === 'user') return 0
  if (event.body.kind === 'invocation') return 1
  if (event.body.kind === 'tool-call') return 2
  return event.body.kind === 'step' ? 3 : undefined
}

/** Below zero where `a` is the better title. */
export function compareTitles(a: TitleDoc, b: TitleDoc): number {
  return a.rank - b.rank || compare(a.at, b.at) || b.ordinal - a.ordinal || compare(a.id, b.id)
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Decimal texts compare by value; empty stands for "none yet". */
export function earlier(a: string, b: bigint): string {
  return a === '' || BigInt(a) > b ? b.toString() : a
}

export function later(a: string, b: bigint): string {
  return a === '' || BigInt(a) < b ? b.toString() : a
}
