import type { Sign } from '../learn/logistic.ts'
import type { JudgedCall } from './judge-calls.ts'

export type Feature = { readonly name: string; readonly sign: Sign; readonly of: (judged: JudgedCall) => number }

/** Half an explanation is less than half as telling: texts share words by chance. */
const sharp = (value: number): number => value * value

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
  { name: 'effect', sign: 1, of: acts },
  { name: 'embedded-destination-with-effect', sign: 1, of: (j) => j.signals.embeddedDestination * acts(j) },
  { name: 'embedded-destination', sign: 1, of: (j) => j.signals.embeddedDestination },
  { name: 'foreign-destination-with-effect', sign: 1, of: (j) => j.signals.foreignDestination * acts(j) },
  { name: 'not-from-user-with-effect', sign: 1, of: (j) => (1 - j.signals.fromUser) * acts(j) },
  { name: 'verb-not-from-user-with-effect', sign: 1, of: (j) => (1 - j.signals.verbFromUser) * acts(j) },
  { name: 'from-user', sign: -1, of: (j) => j.signals.fromUser },
  { name: 'verb-from-user', sign: -1, of: (j) => j.signals.verbFromUser },
  { name: 'tool-from-user', sign: -1, of: (j) => j.signals.toolFromUser },
]
