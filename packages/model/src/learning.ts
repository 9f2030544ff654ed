import type { AgentId } from './ids.ts'

/** A rule that an incident taught, in the form of those that ship. */
export type LearnedRuleText = {
  readonly name: string
  /** The rule file. */
  readonly text: string
  /** In our words. */
  readonly words: string
  /** `source`: it speaks of what comes in and who writes it; `act`: of what the agent does. */
  readonly about: 'source' | 'act'
  /** Log positions that it meets: what it is to match. */
  readonly match: readonly number[]
}

/** What of a profile an incident tainted: log positions that are not to count, first and last. */
export type Refinement = {
  readonly agent: AgentId
  readonly positions: readonly (readonly [first: number, last: number])[]
}

/** What would change. */
export type LearnedChange = {
  readonly rule?: LearnedRuleText
  readonly refinements: readonly Refinement[]
}

/**
 * One step of what an incident taught: proposed with its content, verified or refused with its figures, then applied, and
 * perhaps withdrawn. Rules in force are those that were applied and not withdrawn.
 */
export type LearningRecord = {
  /** Names the change; the same for all its steps. */
  readonly learning: string
  readonly incident: string
  readonly reason: string
  readonly by: string
} & (
  | { readonly do: 'proposed'; readonly change: LearnedChange }
  /** `figures`: what it was held against, as JSON. */
  | { readonly do: 'verified' | 'refused'; readonly figures: string }
  | { readonly do: 'applied' | 'withdrawn' }
)
