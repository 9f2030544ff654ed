/** The five questions that an outsider asks of one agent at one instant. */
export const DIAGNOSTIC_QUESTIONS = ['Q1', 'Q2', 'Q3', 'Q4', 'Q5'] as const

export type DiagnosticQuestion = (typeof DIAGNOSTIC_QUESTIONS)[number]

/** `partly`: some of what is asked is shown. `constrained`: the platform that hosts the agent gives no means to have the rest. */
export type QuestionVerdict = 'yes' | 'partly' | 'no' | 'constrained'

/** The nine capabilities of requirements 1.2, in the order of the four phases. */
export const CAPABILITIES = ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9'] as const

export type Capability = (typeof CAPABILITIES)[number]

export type CapabilityVerdict = 'covered' | 'partial' | 'missing' | 'constrained'

export const LIFECYCLE_PHASES = ['declare', 'observe', 'enforce', 'reconcile'] as const

export type LifecyclePhase = (typeof LIFECYCLE_PHASES)[number]

/** How far a category of tools serves a phase. */
export const SCORES = ['None', 'Partial', 'Strong'] as const

export type Score = (typeof SCORES)[number]

/** What somebody changed of the scorecard; the reason stands beside it in the record. */
export type ScorecardDecision =
  | { readonly do: 'scored'; readonly row: string; readonly phase: LifecyclePhase; readonly score: Score }
  /** A tool or a category of the user's own stack; it begins with None in every phase. */
  | { readonly do: 'added'; readonly row: string; readonly name: string }
  | { readonly do: 'removed'; readonly row: string }

/** Verdicts of one diagnostic, as they were recorded. */
export type AuditedVerdicts = {
  readonly questions: Readonly<Record<DiagnosticQuestion, QuestionVerdict>>
  readonly capabilities: Readonly<Record<Capability, CapabilityVerdict>>
}

/** A self-audit that was held, or the decision how often one is held by itself. */
export type SelfAuditRecord =
  | {
      readonly do: 'held'
      readonly audit: string
      readonly agent: string
      /** The instant that was asked about, RFC 3339. */
      readonly at: string
      readonly verdicts: AuditedVerdicts
      /** What was not covered, by capability or question, in words. */
      readonly shortfalls: readonly { readonly of: string; readonly reasons: readonly string[] }[]
      /** SHA-256 of the canonical JSON of the whole diagnostic. */
      readonly digest: string
      /** Entries of the log that it had read. */
      readonly size: number
      readonly reason: string
      /** Absent where the schedule did it. */
      readonly by?: string
    }
  | {
      readonly do: 'scheduled'
      /** Days between two audits of an agent; 0 ends the schedule. */
      readonly everyDays: number
      /** Ids; none stands for every agent. */
      readonly agents: readonly string[]
      readonly reason: string
      readonly by: string
    }

/** The signed statement of one day, as it was made. */
export type AttestationRecord = {
  /** UTC: `2026-11-20`. */
  readonly day: string
  /** A C2SP note under the log's key; its text is that of docs/diagnostic.md. */
  readonly note: string
  readonly streams: number
  /** Of them, those that were not whole. */
  readonly withGaps: number
}
