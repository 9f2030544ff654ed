import type { AgentId, ConversationId, EventId } from './ids.ts'
import type { UnixNano } from './time.ts'
import type { TrustTier } from './trust.ts'

/** The three kinds of incident; each has exactly one, others may contribute. */
export const INCIDENT_TYPES = ['runtime-execution-escape', 'privilege-boundary-escape', 'reasoning-compromise'] as const

export type IncidentType = (typeof INCIDENT_TYPES)[number]

/** In which order an incident is worked. */
export const PHASES = ['detect', 'analyze', 'contain', 'eradicate', 'recover', 'learn'] as const

export type Phase = (typeof PHASES)[number]

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
  /** From which position on it was known, where the first of several witnesses is enough; else once all entries are there. */
  readonly knownAt?: number
  readonly claimedAt: UnixNano
  /**
   * When the acts were, in their order, where it stands for several: by the one teller who told of most, and of many the first and
   * the latest.
   */
  readonly acts?: readonly UnixNano[]
  /** How many acts those were; absent where `acts` names each of them. */
  readonly actCount?: number
  /** When the latest of what it stands for was, whoever told of it; absent where that is `claimedAt`. */
  readonly lastClaimedAt?: UnixNano
  /**
   * Log position of what was logged last of the acts that it stands for, refused ones too, where it stands for several: `entries`
   * names the first of them alone.
   */
  readonly lastEntry?: number
  /** Strongest tier among what it rests on. */
  readonly tier: TrustTier
  /** What it says, in our words; captured text in it is marked by quotes and cut. */
  readonly words: string
  /** The deed in short, without who did it: what a title says after the name of the agent. Absent where `words` are all there is. */
  readonly title?: string
  /** The sentence that instructed, where one did, and the event that brought it. Captured text: untrusted. */
  readonly quote?: { readonly text: string; readonly event: EventId; readonly entry: number }
  /** The event that is the deed, where the signal is about one; the others led to it. */
  readonly deed?: EventId
  /** The deed had an effect beyond the agent; absent where the signal is about no deed. */
  readonly hasEffect?: boolean
  /** The deed carries something to an address, host or account that the instruction brought. */
  readonly sends?: boolean
  /** The chain that a rule is written for. */
  readonly template?: ChainTemplate
  /** What repeats of the same attempt share, whatever their conversation: tool and sentence, binary and path. */
  readonly repeatKey?: string
}

/** One line of evidence. Everything that is claimed leads to log positions; `basis` as in a graph's edges. */
export type EvidenceLine = {
  readonly words: string
  readonly signal?: string
  readonly events: readonly EventId[]
  readonly entries: readonly number[]
  readonly tier: TrustTier
  readonly basis: 'proven' | 'inferred'
  readonly quote?: NonNullable<Signal['quote']>
}

/** What was not seen that would decide, why, and what would have it. */
export type MissingEvidence = { readonly words: string; readonly reason: string; readonly remedy: string }

/** One column of the classification. `confidence` is a score of 0 to 1 by fixed rules, no measured probability. */
export type TypeAssessment = {
  readonly type: IncidentType
  readonly role: 'primary' | 'contributing' | 'not-supported'
  readonly confidence: number
  readonly for: readonly EvidenceLine[]
  readonly against: readonly EvidenceLine[]
  readonly missing: readonly MissingEvidence[]
}

/** A stage of the chain: seen, concluded from what stands around it, or absent. */
export type ChainLink = {
  readonly stage: 'origin' | 'quiet' | 'entry' | 'hand-over' | 'deed' | 'effect'
  readonly state: 'seen' | 'inferred' | 'not-seen'
  readonly surface: Surface
  readonly words: string
  readonly events: readonly EventId[]
  readonly entries: readonly number[]
}

export const TRIAGE_TIERS = ['document', 'investigate', 'page'] as const

export type TriageTier = (typeof TRIAGE_TIERS)[number]

/** What was known once the entry at `position` was in the log; the first one is how it began. */
export type IncidentRevision = {
  readonly position: number
  readonly outcome: Incident['outcome']
  readonly type: IncidentType
  readonly confidence: number
  readonly tier: TriageTier
  /** What was learned there, in words. */
  readonly because: string
}

/** Signals that belong together by identity and prompt context, with one name. A pure function of the log. */
export type Incident = {
  /** `inc-` and sixteen hex digits: of the first of its conversations by name. */
  readonly id: string
  /** Ids under which parts of it were shown before something joined them. */
  readonly alsoKnownAs: readonly string[]
  /** Ids that it may have gone by before its conversations had the names that they have now; absent where there is none. */
  readonly earlierIds?: readonly string[]
  /** `attempt`: the instruction was taken up, and no deed with an effect followed. */
  readonly outcome: 'incident' | 'attempt'
  /** `provisional` while what is missing could change the type; `revised` once it named another one. */
  readonly standing: 'provisional' | 'stated' | 'revised'
  readonly type: IncidentType
  readonly contributing: readonly IncidentType[]
  readonly confidence: number
  /** Why the confidence is not higher than it is, where a rule holds it down. */
  readonly caps: readonly string[]
  /** Who did what, in short: its signals have the details. Captured text in it is marked by quotes and cut. */
  readonly headline: string
  /** One for each type, in the order of {@link INCIDENT_TYPES}. */
  readonly assessments: readonly TypeAssessment[]
  readonly chain: { readonly template?: ChainTemplate; readonly links: readonly ChainLink[] }
  readonly surfaces: Readonly<Record<Surface, 'green' | 'amber' | 'red'>>
  readonly triage: {
    readonly tier: TriageTier
    readonly why: string
    readonly firstAction: string
    readonly wouldChange: readonly string[]
  }
  readonly history: readonly IncidentRevision[]
  readonly agents: readonly AgentId[]
  readonly conversations: readonly ConversationId[]
  readonly signals: readonly Signal[]
  /** Signals beyond the bound of one incident, which are counted and not held. */
  readonly moreSignals: number
  readonly firstClaimed: UnixNano
  readonly lastClaimed: UnixNano
  /** Strongest tier among its signals. */
  readonly tier: TrustTier
  /** What repeats of it share with it. */
  readonly repeatKey: string
}

/** What an incident is named by, wherever it comes from. */
export type NamedIncident = {
  readonly id: string
  readonly alsoKnownAs: readonly string[]
  readonly earlierIds?: readonly string[] | undefined
}

/** Every id by which records may speak of an incident, its own first: what was recorded of it under another stays its own. */
export function incidentNames({ id, alsoKnownAs, earlierIds = [] }: NamedIncident): readonly string[] {
  return [id, ...alsoKnownAs, ...earlierIds]
}
