import type { IncidentType, UnixNano } from '@holdfast/model'

import type { FactName, FactValue } from '../runbook/facts.ts'
import type { Phase } from '../runbook/runbook.ts'
import type { Actor, Baseline, CaseAction, CaseSeal, Contamination, EvidenceProof, Proof } from './events.ts'

/** One case, from its incident to its end: a pure function of its recorded steps. */
export type CaseState = {
  readonly incident: string
  readonly graphAt: UnixNano
  /** The newest last. Empty until a type is accepted. */
  readonly types: readonly Classification[]
  readonly seals: readonly (CaseSeal & { readonly at: UnixNano })[]
  readonly facts: ReadonlyMap<FactName, StatedFact>
  /** By `<type>/<phase>`: cells of an earlier type stay, with what was done in them. */
  readonly cells: ReadonlyMap<string, CellState>
  readonly actions: ReadonlyMap<string, TakenAction>
  readonly contaminations: readonly Contamination[]
  readonly restored: readonly Baseline[]
  readonly end?: CaseEnd
}

export type Classification = {
  readonly type: IncidentType
  readonly confidence: number
  readonly reason: string
  readonly by: Actor
  readonly at: UnixNano
  readonly position: number
}

export type StatedFact = { readonly value: FactValue; readonly by: Actor; readonly proof: Proof; readonly at: UnixNano }

/** `reopened`: what had let it close no longer holds. `superseded`: the incident got another type. */
export type CellState = {
  readonly status: 'open' | 'closed' | 'reopened' | 'superseded'
  readonly openedAt: UnixNano
  readonly closedAt?: UnixNano
  readonly tasks: ReadonlyMap<string, { readonly by: Actor; readonly proof: Proof; readonly at: UnixNano }>
  readonly evidence: ReadonlyMap<string, EvidenceProof>
}

/** `unsettled`: taken under another type than the case has now, neither reverted nor justified yet. */
export type TakenAction = CaseAction & {
  readonly takenAs: IncidentType | undefined
  readonly firstAt: UnixNano
  readonly settlement:
    | { readonly kind: 'not-asked' }
    | { readonly kind: 'unsettled' }
    | { readonly kind: 'reverted' | 'justified'; readonly reason: string; readonly by: Actor }
}

export type CaseEnd = {
  readonly resolution: 'resolved' | 'false-positive'
  readonly reason: string
  readonly changedThreshold: boolean
  readonly by: Actor
  readonly at: UnixNano
}

/** The type that holds now. */
export function typeOf(state: CaseState): IncidentType | undefined {
  return state.types.at(-1)?.type
}

export function cellKey(type: IncidentType, phase: Phase): string {
  return `${type}/${phase}`
}

/** How far a phase of one type is; undefined where nobody worked on it. */
export function cellOf(state: CaseState, type: IncidentType, phase: Phase): CellState | undefined {
  return state.cells.get(cellKey(type, phase))
}

/** Actions that were taken under another type and are neither reverted nor justified, in the order in which they were taken. */
export function unsettledActions(state: CaseState): readonly TakenAction[] {
  return [...state.actions.values()].filter(({ settlement }) => settlement.kind === 'unsettled')
}
