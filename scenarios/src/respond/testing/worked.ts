import type { LearningWire } from '@holdfast/api'

/** Phases of a case in their order. */
export const PHASES = ['detect', 'analyze', 'contain', 'eradicate', 'recover', 'learn']

type Replayed = NonNullable<LearningWire['figures']>['chain']

/** True where a chain is named strictly earlier, as an attempt or as an incident, and nothing of it later. */
export function isEarlier(replayed: Replayed | undefined): boolean {
  if (replayed === undefined) return false
  const { before, after } = replayed
  const gained = (['attempt', 'incident'] as const).map(
    (named) => (before[named] ?? Number.MAX_SAFE_INTEGER) - (after[named] ?? Number.MAX_SAFE_INTEGER),
  )
  return Math.min(...gained) >= 0 && Math.max(...gained) > 0
}
