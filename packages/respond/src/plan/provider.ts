import type { Decision } from '../ladder/decision.ts'
import type { Offer } from './make-plan.ts'
import type { PlanStep } from './plan.ts'
import type { ResponseScope } from './response-scope.ts'

/**
 * Who brings about an effect: the sensor on a host, a connector to a cloud. Everything that this package does to the world
 * goes through one of these.
 */
export type EffectProvider = {
  readonly name: string
  /** What the step would do, and the target's state now. Changes nothing. */
  readonly plan: (step: PlanStep) => Promise<EffectPreview>
  /** Does it. Called again with the same `key` it does nothing twice. A promise that fails is a step that failed. */
  readonly apply: (step: PlanStep, key: string) => Promise<EffectOutcome>
  /** Tries from outside the control path whether the step that was applied under `key` is in effect. Changes nothing. */
  readonly probe: (step: PlanStep, key: string) => Promise<readonly EffectProbe[]>
  /** Takes it back; `why` is for whoever keeps a reason with that. Taking back what was never applied succeeds. */
  readonly revert: (step: PlanStep, key: string, why?: string) => Promise<EffectOutcome>
}

export type EffectPreview =
  | { readonly status: 'possible'; readonly state: string; readonly words: string }
  | { readonly status: 'impossible'; readonly reason: string }

/** What the provider says it did. A claim: only a probe confirms. */
export type EffectOutcome =
  | { readonly status: 'done'; readonly detail: string }
  | { readonly status: 'failed'; readonly detail: string }

/** One thing that was tried against the effect; `held` where it did not get through. */
export type EffectProbe = { readonly way: string; readonly held: boolean; readonly detail: string }

/**
 * A provider that also says what it could do about an incident. It offers only what it can name exactly, in the state that it
 * is in now; asking it changes nothing.
 */
export type Responder = EffectProvider & {
  readonly offers: (scope: ResponseScope, decision: Decision) => Promise<readonly Offer[]>
}
