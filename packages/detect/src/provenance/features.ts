import type { Sign } from '../learn/logistic.ts'
import type { JudgedCall } from './judge-calls.ts'

export type Feature = { readonly name: string; readonly sign: Sign; readonly of: (judged: JudgedCall) => number }

/** Half an explanation is less than half as telling: texts share words by chance. */
const sharp = (value: number): number => value * value

/** Opening a page that something named is what every agent with a browser does: without a text that asks for it, it tells nothing. */
const actsByItself = ({ effect }: JudgedCall): number => (effect === 'read' || effect === 'visit' ? 0 : 1)

const acts = ({ effect }: JudgedCall): number => (effect === 'read' ? 0 : 1)

/** What the combined verdict on one call rests on. Few, each with the one direction in which it may speak. */
export const FULL_FEATURES: readonly Feature[] = [
  { name: 'explanation-with-effect', sign: 1, of: (j) => sharp(j.signals.explanation) * acts(j) },
  { name: 'explanation', sign: 1, of: (j) => sharp(j.signals.explanation) },
  { name: 'exclusive-share', sign: 1, of: (j) => j.signals.exclusive },
  { name: 'exclusive-destination', sign: 1, of: (j) => j.signals.exclusiveDestination },
  { name: 'inherited-with-effect', sign: 1, of: (j) => j.signals.inherited * acts(j) },
  { name: 'explained-and-delegated', sign: -1, of: (j) => j.signals.delegated * j.signals.strength },
  { name: 'explained-and-named', sign: -1, of: (j) => j.signals.named * j.signals.explanation },
  { name: 'from-user', sign: -1, of: (j) => j.signals.fromUser },
  { name: 'verb-from-user', sign: -1, of: (j) => j.signals.verbFromUser },
  { name: 'tool-from-user', sign: -1, of: (j) => j.signals.toolFromUser },
]

/** The same without anything that reads how the untrusted texts are worded. */
export const BEHAVIOUR_FEATURES: readonly Feature[] = [
  { name: 'effect', sign: 1, of: actsByItself },
  { name: 'embedded-destination-with-effect', sign: 1, of: (j) => j.signals.embeddedDestination * actsByItself(j) },
  { name: 'embedded-destination', sign: 1, of: (j) => j.signals.embeddedDestination },
  { name: 'lifted-object-with-effect', sign: 1, of: (j) => j.signals.liftedObject * actsByItself(j) },
  { name: 'foreign-destination-with-effect', sign: 1, of: (j) => j.signals.foreignDestination * actsByItself(j) },
  { name: 'not-from-user-with-effect', sign: 1, of: (j) => (1 - j.signals.fromUser) * actsByItself(j) },
  { name: 'verb-not-from-user-with-effect', sign: 1, of: (j) => (1 - j.signals.verbFromUser) * actsByItself(j) },
  { name: 'from-user', sign: -1, of: (j) => j.signals.fromUser },
  { name: 'verb-from-user', sign: -1, of: (j) => j.signals.verbFromUser },
  { name: 'tool-from-user', sign: -1, of: (j) => j.signals.toolFromUser },
]

/** One call as the models see it. */
export type ScoredCall = {
  readonly provenance: readonly number[]
  readonly behaviour: readonly number[]
  readonly hasEffect: boolean
  /** A text that nobody vouches for explains the call, or brought what it is made with. */
  readonly isGrounded: boolean
  /** The call acts at a destination, or on a thing, that came in inside a text, and that nobody had asked for. */
  readonly isLifted: boolean
}

/** From these on a signal grounds a call: below, texts share words by chance. */
const GROUNDED_EXPLANATION = 0.45
const GROUNDED_SHARE = 0.5

/** What the models look at in a judged call. */
export function scoredCall(judged: JudgedCall): ScoredCall {
  const { explanation, exclusive, exclusiveDestination, embeddedDestination, liftedObject } = judged.signals
  return {
    provenance: FULL_FEATURES.map(({ of }) => of(judged)),
    behaviour: BEHAVIOUR_FEATURES.map(({ of }) => of(judged)),
    hasEffect: acts(judged) === 1,
    isGrounded:
      explanation >= GROUNDED_EXPLANATION || exclusive >= GROUNDED_SHARE || exclusiveDestination >= GROUNDED_SHARE,
    isLifted: actsByItself(judged) === 1 && (embeddedDestination === 1 || liftedObject === 1),
  }
}
