import { addTo } from './target.ts'
import type { Target } from './target.ts'

export type Delegation = {
  /** The same id on both sides: an A2A task or context id, a job id. */
  readonly id: string
  readonly toAgent: string
  readonly fromAgent?: string
  /** What was handed over, as text. */
  readonly payload?: string
}

/** Says that the current step hands work to another agent. False where no span is recording. */
export function recordDelegation(delegation: Delegation, target: Target = {}): boolean {
  return addTo(target, [
    ['holdfast.delegation.id', delegation.id],
    ['holdfast.delegation.to', delegation.toAgent],
    ['holdfast.delegation.from', delegation.fromAgent],
    ['holdfast.delegation.payload', delegation.payload],
  ])
}
