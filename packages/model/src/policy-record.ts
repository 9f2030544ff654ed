import type { AuditViolation } from './audit-row.ts'
import type { ArtifactKind, DerivationDecision, DerivationDecisions, PolicyArtifact } from './policy.ts'
import type { AgentClass } from './profile.ts'
import type { PolicyMode } from './sensor.ts'

/**
 * What goes through a rollout together: the agents of a class, or one agent of the pre-enforced track, which may not start before its
 * policy is enforced and so waits for nobody.
 */
export type RolloutGroup =
  | { readonly kind: 'class'; readonly class: AgentClass }
  | { readonly kind: 'pre-enforced'; readonly agent: string }

/** What a policy would have stopped in a window that is on record: measured by replay, by no estimate. */
export type BlastRadius = {
  /** Claimed times, RFC 3339. */
  readonly from: string
  readonly to: string
  /** Artifacts that were judged by. */
  readonly artifacts: readonly string[]
  /** Those of them that no act in the window speaks of: what they would deny is not known. */
  readonly unmeasured?: readonly string[]
  /** Acts that an artifact speaks of, and how many of them it denies. */
  readonly judged: number
  readonly denied: number
  /** Agents whose acts were replayed, and those of which something would have been denied. */
  readonly agents: readonly string[]
  readonly affectedAgents: readonly string[]
  /** Conversations in the window and those that would have lost an act. */
  readonly conversations: number
  readonly affectedConversations: number
  readonly toolCalls: number
  readonly affectedToolCalls: number
}

/** One step in the life of policies; everything that is in force follows from these, read in the order of the log. */
export type PolicyDeed =
  | {
      readonly do: 'generated'
      readonly artifact: PolicyArtifact
      /** Principals as whom the agent acts, as audit logs name them: their acts are the agent's. */
      readonly principals: readonly string[]
    }
  | {
      /** A decision for an agent's next derivations; without `value` the class decides again. */
      readonly do: 'chosen'
      readonly agent: string
      readonly decision: keyof DerivationDecisions
      readonly value?: string
    }
  /** Monitoring begins with these artifacts. */
  | { readonly do: 'monitored'; readonly group: RolloutGroup; readonly artifacts: readonly string[] }
  | {
      readonly do: 'reported'
      readonly group: RolloutGroup
      readonly report: BlastRadius
      /** Set where the window is shorter than a report needs, and somebody wants it all the same. */
      readonly acceptsShortWindow?: true
    }
  | {
      readonly do: 'enforced'
      readonly group: RolloutGroup
      readonly artifacts: readonly string[]
      /** Log position of the report that it rests on. */
      readonly report: number
      /** Set where the report names acts that are stopped, and somebody wants just that. */
      readonly acceptsDenials?: true
    }
  | {
      /** The agent has again what it had before, layer by layer. */
      readonly do: 'rolled-back'
      readonly agent: string
      readonly kinds: readonly ArtifactKind[]
      /** What holds from here on; a layer that is missing has no policy. */
      readonly restored: readonly {
        readonly kind: ArtifactKind
        readonly artifact: string
        readonly mode: PolicyMode
      }[]
    }
  /** It is past its validity: it watches on and stops nothing. */
  | { readonly do: 'expired'; readonly agent: string; readonly artifact: string }
  /** What it was derived from is not to be trusted any more: it watches on and stops nothing. */
  | { readonly do: 'pulled-back'; readonly agent: string; readonly artifacts: readonly string[] }
  | {
      /** A system that holds policies took one, or gave it back; with what stood there before, to the byte. */
      readonly do: 'applied' | 'withdrawn'
      readonly agent: string
      readonly artifact: string
      readonly target: string
      readonly detail: string
      readonly before?: string
      /** Of policies of a whole cluster: the place of the first of them in its tier. */
      readonly priority?: number
    }
  | {
      /** What such a system holds was held against what was put there. */
      readonly do: 'compared'
      readonly agent: string
      readonly artifact: string
      readonly target: string
      /** In what it is another, in words; empty where it is as it was put there, again. */
      readonly differences: readonly string[]
    }
  /** A host runs an agent under artifacts that it was given by hand, of whatever agent they were made. */
  | { readonly do: 'hosted'; readonly agent: string; readonly artifacts: readonly string[] }

/** Acts of an agent that policies of their time denied, as soon as they were judged. */
export type PolicyViolationsRecord = {
  readonly agent: string
  /** Log entries that were judged since the record before: `[from, to)`. */
  readonly from: number
  readonly to: number
  readonly violations: readonly AuditViolation[]
  /** How many more there were; the list of the audit has them all. */
  readonly more: number
}

/** What somebody chose, as the next derivation reads it. */
export type ChosenDecisions = { readonly [Name in keyof DerivationDecisions]?: DerivationDecision }
