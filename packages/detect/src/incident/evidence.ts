import type { AgentId, ConversationId, EventId, EvidenceLine, IncidentType, Signal, TrustTier } from '@holdfast/model'

/** Facts of one sort: how many there were, and a few that stand for them. */
export type Counted = {
  readonly count: number
  readonly events: readonly EventId[]
  readonly entries: readonly number[]
  /** Strongest tier among them; self-reported where there are none. */
  readonly tier: TrustTier
}

/** What could be seen of an execution: without it, no signal for a type would mean nothing. */
export type Sight = {
  /** Calls and hand-overs that were compared with the texts. */
  readonly calls: Counted
  /** Texts that entered the context. */
  readonly texts: Counted
  /** Texts that the source did not hand over, and those beyond a bound. */
  readonly notCaptured: number
  readonly unread: number
  /** Matches, groups, values and signals beyond the bounds of rules; absent where there were none. */
  readonly rulesCut?: number
  /** Parts that it was read in, where it is too large for one: values are followed within each. */
  readonly parts?: number
  /** What a kernel reported of its processes. */
  readonly kernel: Counted
  /** What an authority recorded of its identities. */
  readonly authority: Counted
  /** Texts that a guard looked at and let through; absent where it was not looked for. */
  readonly passed?: Counted
  /** Agents of which too little was observed before it to say what is usual; absent where nobody asked. */
  readonly unprofiled?: readonly AgentId[]
}

/** What speaks against signals of one type; without one, against those of reasoning compromise. */
export type Doubt = EvidenceLine & { readonly speaksFor?: IncidentType }

/** A memory record that was read here: where it was written decides how far it is trusted. */
export type Recall = {
  readonly record: string
  readonly event: EventId
  readonly entry: number
  /** Writes of it in other conversations, by claimed time. */
  readonly writes: readonly { readonly event: EventId; readonly entry: number; readonly conversation: string }[]
}

/** One execution, or several that hand-overs join, with what the detectors say of it. */
export type CaseEvidence = {
  readonly conversations: readonly ConversationId[]
  /** Names that these may have gone by before more was recorded of them. Never one that another goes by first. */
  readonly earlierNames?: readonly ConversationId[]
  readonly agents: readonly AgentId[]
  readonly signals: readonly Signal[]
  /** Signals beyond the bound of what is kept, which are counted. */
  readonly moreSignals?: number
  /** What was found to speak against the signals. */
  readonly doubts: readonly Doubt[]
  readonly sight: Sight
  readonly recalls: readonly Recall[]
  /**
   * What it shares with others that belong to it: a delegation's id, a linked trace, the session of an identity. Never a
   * time, and never a name that many use.
   */
  readonly joins: readonly string[]
}
