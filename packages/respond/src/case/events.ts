import type { IncidentType, Rung, UnixNano } from '@holdfast/model'

import type { Family } from '../ladder/rungs.ts'
import type { FactName, FactValue } from '../runbook/facts.ts'
import type { Phase, Team } from '../runbook/runbook.ts'

/** Who did it: a person by name, or the program. Only a person confirms, judges and justifies. */
export type Actor = { readonly kind: 'person'; readonly name: string } | { readonly kind: 'program' }

/** Where a proof lies: log entries, and the digest of what was attached beside them. */
export type Proof = { readonly entries: readonly number[]; readonly digest?: string }

/** `notExpected`: why there is none, where nothing of its kind could have been recorded. Then it names no entries. */
export type EvidenceProof = Proof & { readonly notExpected?: string }

/** What was done to an agent or an authority, as the last record about it says. */
export type CaseAction = {
  readonly id: string
  readonly words: string
  readonly rung?: Rung
  readonly family?: Family
  readonly isReversible: boolean
  readonly state: 'applied' | 'confirmed' | 'failed' | 'released'
  readonly planHash: string
}

/** The log as it was fixed before anything was done: entries below `size` are sealed. */
export type CaseSeal = { readonly size: number; readonly rootHash: string; readonly completeness: number }

/**
 * A profile that saw the incident: what it observed from `since` on is not to be trusted, until the agent came back clean;
 * absent: it has not.
 */
export type Contamination = { readonly profile: string; readonly since: UnixNano; readonly until?: UnixNano }

/** A profile that somebody wants to bring back. */
export type Baseline = {
  readonly profile: string
  readonly version: string
  readonly origin: 'production' | 'clean-staging'
  readonly observedFrom: UnixNano
  readonly observedUntil: UnixNano
  readonly parity: 'passed' | 'refused' | 'not-run'
  readonly mode: 'monitoring' | 'enforcement'
}

/** One recorded step of a case. */
export type CaseEvent = CaseDeed & { readonly by: Actor; readonly at: UnixNano; readonly position: number }

export type CaseDeed =
  /** `graphAt`: when the graph of the incident was first derived; clocks start there. */
  | { readonly kind: 'opened'; readonly incident: string; readonly graphAt: UnixNano }
  | { readonly kind: 'classified'; readonly type: IncidentType; readonly confidence: number; readonly reason: string }
  | { readonly kind: 'sealed'; readonly seal: CaseSeal }
  | { readonly kind: 'fact'; readonly fact: FactName; readonly value: FactValue; readonly proof: Proof }
  | { readonly kind: 'phase-opened'; readonly type: IncidentType; readonly phase: Phase }
  | {
      readonly kind: 'task-done'
      readonly type: IncidentType
      readonly phase: Phase
      readonly task: string
      readonly team: Team
      readonly proof: Proof
    }
  | {
      readonly kind: 'evidence'
      readonly type: IncidentType
      readonly phase: Phase
      readonly evidence: string
      readonly proof: EvidenceProof
    }
  | { readonly kind: 'phase-closed'; readonly type: IncidentType; readonly phase: Phase }
  | { readonly kind: 'action'; readonly action: CaseAction }
  /** What becomes of an action that was taken under another type. */
  | {
      readonly kind: 'action-settled'
      readonly action: string
      readonly how: 'reverted' | 'justified'
      readonly reason: string
    }
  | { readonly kind: 'contaminated'; readonly contamination: Contamination }
  | { readonly kind: 'restored'; readonly baseline: Baseline }
  /** `changedThreshold`: a false alarm after which a threshold or rule was changed. */
  | {
      readonly kind: 'closed'
      readonly resolution: 'resolved' | 'false-positive'
      readonly reason: string
      readonly changedThreshold?: true
    }
