import type { Rung } from '@holdfast/model'

import type { Clock } from './clock.ts'
import type { Role, Row } from './rows.ts'
import type { Cut, Family, RungNature } from './rungs.ts'

/** What is to be done, by when, by whose word, and why: everything a person needs to agree or to choose otherwise. */
export type Decision = {
  readonly row: Pick<Row, 'number' | 'words'>
  /** What is applied first. */
  readonly rung: Rung
  /** The rungs in their order; each later one replaces the one before it once its gates are open. */
  readonly steps: readonly LadderStep[]
  /** True where the type may still turn out another one. */
  readonly isProvisional: boolean
  readonly families: readonly Family[]
  readonly cuts: readonly ChosenCut[]
  /** Cuts that a person may add; nothing is done about them. */
  readonly offers: readonly Cut[]
  readonly clock: Clock
  readonly deadline: Deadline
  /** How long the type may stay open; absent where it is named. */
  readonly classifyWithinMs?: number
  readonly softer?: Alternative
  readonly harder?: Alternative
  /** Receivers of work that this agent handed on. Each is scored by itself. */
  readonly receivers: readonly ReceiverDuty[]
  /** Regimes under which this containment is itself to be reported. Shown before anybody approves. */
  readonly duties: readonly string[]
  readonly overlays: readonly Overlay[]
  readonly assumptions: readonly string[]
}

/** Counted from the creation of the incident's graph to the verified effect. */
export type Deadline = { readonly kind: 'within'; readonly ms: number } | { readonly kind: 'same-day' | 'none' }

export type LadderStep = {
  readonly rung: Rung
  readonly nature: RungNature
  readonly gates: readonly Gate[]
  readonly approval: Approval
}

/** What a step waits for. `until-deadline`: it waits no longer than that. */
export type Gate = {
  readonly gate: 'seal' | 'complete-chain' | 'takeover' | 'clean-replica' | 'drained'
  readonly isOpen: boolean
  readonly waits: 'always' | 'until-deadline'
  readonly words: string
}

export type Approval =
  | { readonly kind: 'automatic'; readonly told: readonly Role[]; readonly why: string }
  /** Each role says yes. */
  | { readonly kind: 'people'; readonly roles: readonly Role[]; readonly why: string }

/** `with-rung`: done when the rung is. `person`: cannot be taken back, so that a person says yes to it. */
export type ChosenCut = Cut & { readonly because: string; readonly approval: 'with-rung' | 'person' }

/** The rung beside the chosen one: what it would stop, and what evidence it would cost. */
export type Alternative = {
  readonly rung: Rung
  readonly stops: string
  readonly keeps: string
  readonly isReversible: boolean
  readonly evidenceCost: string
  readonly whyNot: string
}

export type ReceiverDuty = {
  readonly receiver: string
  readonly do: 'cut-and-sweep' | 'sweep'
  readonly words: string
}

/** What changed the row's answer: the letters are those of the table's overlays, `tier` and `assumed` are ours. */
export type Overlay = {
  readonly id: 'a' | 'b' | 'c' | 'd' | 'e' | 'f' | 'tier' | 'assumed'
  readonly words: string
}
