import type { ClockKind, ContentRef, EventSummary, GraphNode, NodeKind } from '@holdfast/model'
import { lessReal, outranks } from '@holdfast/model'

import { MAX_RIVALS } from '../limits.ts'
import { fingerprint } from '../values.ts'
import type { Facet } from './facet.ts'
import { join, joinFacets } from './facet.ts'
import { tellerOf } from './holders.ts'

/**
 * A node while it is put together. Owned by one derivation; every change is commutative, so that the node is the same
 * in whatever order its events are met. The label comes from what makes the id, so it cannot differ either.
 */
export type Draft = {
  readonly id: string
  readonly kind: NodeKind
  readonly label: string
  readonly agent: string
  /** Who told it: a node is one teller's, so that nobody's words get into another's. */
  readonly teller: string
  /** The process that told it, for the joins that compare times: only times of one clock can be compared. */
  readonly source: string
  member: string | undefined
  trace: string | undefined
  claimedAt: bigint
  claimedUntil: bigint | undefined
  /** The same by the clock of `source` alone, which is what times may be compared with. */
  ownAt: bigint
  ownUntil: bigint | undefined
  readonly events: string[]
  status: GraphNode['status']
  tier: GraphNode['tier']
  clock: ClockKind
  /** What was handed in: arguments, input, payload, a memory's new text. */
  given: Facet | undefined
  /** What came or was read: text, result, output. */
  got: Facet | undefined
  /** Every tier that tells of it, without repetition. */
  readonly tiers: GraphNode['tier'][]
  /** Tool and message nodes. */
  readonly callId: string | undefined
  /** Model calls: what the provider named the answer. */
  readonly responseId: string | undefined
  /** Tool name, message role, memory operation, the agent that is named; empty where a kind has none. */
  readonly name: string
  /** Parts in which it was seen; one for all but the kinds that a conversation shares. */
  readonly parts: string[]
  /** True once two spans told of it, so that it may come to stand above itself in the tree of spans. */
  isRepeated: boolean
  /** For a tool: true once something says that it ran, not only that it was asked for. */
  isRun: boolean
  /** For a model output: true where it asks for a tool call. */
  readonly isRequest: boolean
  /** For a delegation: true where the side that was given the work tells of it. */
  isReceived: boolean
  /** For a delegation: true where the side that handed the work on does. */
  isGiven: boolean
  /** Agents that claim the same span, sorted, at most {@link MAX_RIVALS}. */
  rivals: readonly string[]
  /** True where several others claim what it names as its cause, and none was chosen. */
  isCauseContested: boolean
  /** Set where another observation of the same act took this one in; owned by the part's derivation. */
  into: Draft | undefined
}

export type DraftSeed = {
  readonly id: string
  readonly kind: NodeKind
  readonly label: string
  readonly part: string
  readonly callId?: string | undefined
  readonly responseId?: string | undefined
  readonly name?: string
  readonly isRequest?: boolean
}

/** A node that stands for no event yet, seen first by `event`. */
export function newDraft(seed: DraftSeed, event: EventSummary): Draft {
  return {
    id: seed.id,
    kind: seed.kind,
    label: seed.label,
    agent: event.agent.id,
    teller: tellerOf(event),
    source: sourceOf(event),
    member: event.agent.member,
    trace: event.context.trace,
    claimedAt: event.claimedAt,
    claimedUntil: event.claimedUntil,
    ownAt: event.claimedAt,
    ownUntil: event.claimedUntil,
    events: [],
    status: 'unknown',
    tier: event.source.tier,
    clock: event.source.clock,
    given: undefined,
    got: undefined,
    tiers: [event.source.tier],
    callId: seed.callId,
    responseId: seed.responseId,
    name: seed.name ?? '',
    parts: [seed.part],
    isRepeated: false,
    isRun: false,
    isRequest: seed.isRequest ?? false,
    isReceived: false,
    isGiven: false,
    rivals: [],
    isCauseContested: false,
    into: undefined,
  }
}

/** Process, channel and listener: what shares one clock. */
export function sourceOf(event: EventSummary): string {
  return `${tellerOf(event)}\n${event.agent.instance ?? ''}\n${event.source.channel}`
}

export type Observation = {
  readonly given?: ContentRef
  readonly got?: ContentRef
  readonly status?: GraphNode['status']
}

/** Adds what one event says of the node. */
export function observe(draft: Draft, event: EventSummary, seen: Observation): void {
  draft.events.push(event.id)
  if (event.claimedAt < draft.claimedAt) draft.claimedAt = event.claimedAt
  draft.claimedUntil = later(draft.claimedUntil, event.claimedUntil)
  if (sourceOf(event) === draft.source) {
    if (event.claimedAt < draft.ownAt) draft.ownAt = event.claimedAt
    draft.ownUntil = later(draft.ownUntil, event.claimedUntil)
  }
  draft.status = worse(draft.status, seen.status ?? 'unknown')
  draft.tier = outranks(event.source.tier, draft.tier) ? event.source.tier : draft.tier
  draft.clock = lessReal(draft.clock, event.source.clock)
  if (draft.member !== event.agent.member) draft.member = smaller(draft.member, event.agent.member)
  if (seen.given !== undefined) draft.given = join(draft.given, seen.given)
  if (seen.got !== undefined) draft.got = join(draft.got, seen.got)
}

/** Adds all that `from` holds to `to`: two observations of one act, or of one thing in two parts. */
export function absorb(to: Draft, from: Draft): void {
  for (const event of from.events) to.events.push(event)
  if (from.claimedAt < to.claimedAt) to.claimedAt = from.claimedAt
  to.claimedUntil = later(to.claimedUntil, from.claimedUntil)
  if (from.source === to.source) {
    if (from.ownAt < to.ownAt) to.ownAt = from.ownAt
    to.ownUntil = later(to.ownUntil, from.ownUntil)
  }
  to.status = worse(to.status, from.status)
  to.tier = outranks(from.tier, to.tier) ? from.tier : to.tier
  for (const tier of from.tiers) if (!to.tiers.includes(tier)) to.tiers.push(tier)
  to.clock = lessReal(to.clock, from.clock)
  if (to.member !== from.member) to.member = smaller(to.member, from.member)
  if (to.trace !== from.trace) to.trace = undefined
  to.given = joinFacets(to.given, from.given)
  to.got = joinFacets(to.got, from.got)
  to.isRun ||= from.isRun
  to.isReceived ||= from.isReceived
  to.isGiven ||= from.isGiven
  to.rivals = joinRivals(to.rivals, from.rivals)
  to.isCauseContested ||= from.isCauseContested
  to.isRepeated = true
  for (const part of from.parts) if (!to.parts.includes(part)) to.parts.push(part)
}

/** The smallest of both, whatever came first. */
export function joinRivals(a: readonly string[], b: readonly string[]): readonly string[] {
  return b.length === 0 ? a : [...new Set([...a, ...b])].toSorted().slice(0, MAX_RIVALS)
}

/** A copy that may be changed without changing a draft that a part keeps. */
export function copyDraft(draft: Draft): Draft {
  return { ...draft, events: [...draft.events], parts: [...draft.parts], tiers: [...draft.tiers] }
}

/** The draft that took this one in, however many times over. */
export function resolve(draft: Draft): Draft {
  let found = draft
  // Chains end: a draft is only ever taken in by one that was final at that moment.
  while (found.into !== undefined) found = found.into
  return found
}

/** A short name for texts that may hold any character, so that ids stay URL-safe. */
export function short(...texts: readonly string[]): string {
  const key = texts.length === 1 ? (texts[0] ?? '') : JSON.stringify(texts)
  return fingerprint(key)
}

function later(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  return a === undefined ? b : b === undefined || a > b ? a : b
}

function smaller(a: string | undefined, b: string | undefined): string | undefined {
  return a === undefined ? b : b === undefined || a < b ? a : b
}

function worse(a: GraphNode['status'], b: GraphNode['status']): GraphNode['status'] {
  return a === 'error' || b === 'error' ? 'error' : a === 'ok' || b === 'ok' ? 'ok' : 'unknown'
}

/** Order by the clock of one process. Only for drafts of one source. */
export function byOwnClock(a: Draft, b: Draft): number {
  return a.ownAt < b.ownAt ? -1 : a.ownAt > b.ownAt ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}
