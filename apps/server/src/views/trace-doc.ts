import { lessReal, type ClockKind, type EventSummary } from '@holdfast/model'
import {
  AGENTS_PER_TRACE,
  CONVERSATIONS_PER_TRACE,
  JOINS_PER_TRACE,
  NAMES_PER_AGENT,
  TITLE_CHARACTERS,
} from '../limits.ts'
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
    moreAgents: false,
    hasAct: false,
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

/** One entry of a trace. `repeated`: its acts are counted already. */
export type Told = { readonly input: FoldInput; readonly repeated: boolean }

/** The trace with more entries, in log order; the same whether they are added at once or one by one. */
export function addToTrace(doc: TraceDoc, told: readonly Told[]): TraceDoc {
  const names = {
    conversations: new Set(doc.conversations),
    joins: new Set(doc.joins),
    dialects: new Set(doc.dialects),
  }
  const counts = { modelCalls: doc.modelCalls, toolCalls: doc.toolCalls, errors: doc.errors }
  let { clock, hasAct, title, firstClaimed, lastClaimed, lastRecorded } = doc
  for (const { input, repeated } of told) {
    clock = lessReal(clock, input.entry.envelope.clock)
    lastRecorded = later(lastRecorded, input.entry.recordedAt)
    for (const event of input.events) {
      const { context, body, source, claimedAt, claimedUntil } = event
      if (context.conversation !== undefined) names.conversations.add(context.conversation)
      for (const join of joinsOf(event)) names.joins.add(join)
      names.dialects.add(source.dialect)
      hasAct ||= isAct(event)
      firstClaimed = earlier(firstClaimed, claimedAt)
      lastClaimed = later(lastClaimed, claimedUntil ?? claimedAt)
      title = betterTitle(title, event, input.titleOf)
      if (repeated) continue
      if (body.kind === 'model-call') counts.modelCalls += 1
      if (body.kind === 'tool-call') counts.toolCalls += 1
      if ('error' in body && body.error !== undefined) counts.errors += 1
    }
  }
  const agents = told.map(({ input: { entry } }) => [entry.envelope.agent, entry.envelope.agentName] as const)
  return {
    ...doc,
    conversations: bounded(doc.conversations, names.conversations, CONVERSATIONS_PER_TRACE),
    joins: bounded(doc.joins, names.joins, JOINS_PER_TRACE),
    ...withAgents(doc, agents, AGENTS_PER_TRACE),
    clock,
    hasAct,
    entries: doc.entries + told.length,
    ...counts,
    firstClaimed,
    lastClaimed,
    lastRecorded,
    dialects: bounded(doc.dialects, names.dialects, NAMES_PER_AGENT),
    title,
  }
}

/** The conversations of a trace: those that its records name, or itself. */
export function conversationsOf(trace: TraceDoc): readonly string[] {
  return trace.conversations.length === 0 ? [ownConversation(trace.key)] : trace.conversations
}

/** What is structure only, or says what an agent is rather than what it did. */
const NO_ACT: ReadonlySet<EventSummary['body']['kind']> = new Set([
  'step',
  'tool-catalogue',
  'component',
  'declaration',
  'change',
])

/** Whatever is more than structure. What is left of an erased record may have been an act, and counts as one. */
function isAct({ body, source }: EventSummary): boolean {
  return !NO_ACT.has(body.kind) || source.dialect === 'erased'
}

function joinsOf({ context, body }: EventSummary): readonly string[] {
  const linked = (context.links ?? []).map(({ trace }) => `trace:${trace}`)
  return body.kind === 'delegation' && body.delegationId !== undefined
    ? [...linked, `delegation:${body.delegationId}`]
    : linked
}

/** `all` begins with `names`: what was there stays, and whoever sends more than the bound pushes none of the others' out. */
function bounded(names: string[], all: ReadonlySet<string>, bound: number): string[] {
  return all.size === names.length ? names : [...all].slice(0, Math.max(bound, names.length)).toSorted(compare)
}

type TraceAgent = Readonly<TraceDoc['agents'][number]>
type Agents = Pick<TraceDoc, 'agents' | 'moreAgents'>

/** Agents by id, each under the least of its names; past the bound those that are there stay, and it says so. */
export function withAgents({ agents, moreAgents }: Agents, more: readonly TraceAgent[], bound: number): Agents {
  if (more.every(([id, name]) => agents.some((known) => known[0] === id && known[1] <= name)))
    return { agents, moreAgents }
  const names = new Map(agents)
  let isMore = moreAgents
  for (const [id, name] of more) {
    const known = names.get(id)
    if (known === undefined && names.size >= bound) isMore = true
    else if (known === undefined || name < known) names.set(id, name)
  }
  return { agents: [...names].toSorted((a, b) => compare(a[0], b[0])), moreAgents: isMore }
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
  if (event.body.kind === 'process' && event.body.action === 'exec') return 4
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
