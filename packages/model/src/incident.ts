import type { AgentId, ConversationId, EventId } from './ids.ts'
import type { UnixNano } from './time.ts'
import type { TrustTier } from './trust.ts'

/** The three kinds of incident; each has exactly one, others may contribute. */
export const INCIDENT_TYPES = [
  'runtime-execution-escape',
  'privilege-boundary-escape',
  'reasoning-compromise',
] as const

export type IncidentType = (typeof INCIDENT_TYPES)[number]

/** Where an act touches: input and reasoning, tool invocation, identity and privilege, cross-agent. */
export type Surface = 'S1' | 'S2' | 'S3' | 'S4'

/** Chain templates: what follows what. */
export type ChainTemplate = 'T1' | 'T2' | 'T3' | 'T4' | 'T5' | 'T6'

/**
 * A fact about one or a few events that bears on whether an agent went wrong. No alert by itself: a finding is a chain of
 * them, an incident has one graph.
 */
export type Signal = {
  /** `<detector>.<first event id>`: the same events give the same id whatever the order of arrival. */
  readonly id: string
  /** Which detector or rule says it: `provenance`, `kernel/namespace-entry`, `authority/outside-profile`. */
  readonly detector: string
  readonly source: 'provenance' | 'profile' | 'rule' | 'kernel' | 'authority' | 'contradiction'
  /** The kind of incident that it speaks for; absent where it speaks for none by itself. */
  readonly speaksFor?: IncidentType
  /** How far it speaks by itself, 0 to 1. Below 0.5 it colours a chain and makes none. */
  readonly strength: number
  readonly surface: Surface
  readonly agent: AgentId
  readonly conversation?: ConversationId
  readonly events: readonly EventId[]
  /** Log positions that prove it. */
  readonly entries: readonly number[]
  readonly claimedAt: UnixNano
  /** Strongest tier among what it rests on. */
  readonly tier: TrustTier
  /** What it says, in our words; captured text in it is marked by quotes and cut. */
  readonly words: string
}
