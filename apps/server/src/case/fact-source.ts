import type { IncidentWire } from '@holdfast/api'
import type { CaseDeed, CaseState, FactName, FactValue } from '@holdfast/respond'

export type ProgramFact = Extract<CaseDeed, { readonly kind: 'fact' }>

export type FactQuestion = {
  readonly incident: IncidentWire
  /** Undefined where no case is open. */
  readonly state: CaseState | undefined
}

/**
 * A part of the program that can look at something. It states what it sees, each fact with the log entries that show it; what
 * it cannot look at is not among them, and then holds no condition. It changes nothing.
 */
export type FactSource = (question: FactQuestion) => readonly ProgramFact[] | Promise<readonly ProgramFact[]>

/** Positions that prove one fact, at most: a proof is to be looked at, and one incident may have thousands. */
const MOST_PROOFS = 16

/** A fact as the program states it. */
export function programFact(fact: FactName, value: FactValue, entries: readonly number[]): ProgramFact {
  const shown = [...new Set(entries)].toSorted((a, b) => a - b).slice(0, MOST_PROOFS)
  return { kind: 'fact', fact, value, proof: { entries: shown } }
}
