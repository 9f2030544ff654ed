import type { UnixNano } from '@holdfast/model'

import { FAST_GAP_MS } from '../limits.ts'
import type { Harm, Known } from './inputs.ts'
import type { Settled } from './settle.ts'

/** From the graph's creation to the verified effect. */
export type Clock = '60 s' | '5 min' | '15 min' | '4 h'

export const CLOCK_MS: Readonly<Record<Clock, number>> = {
  '60 s': 60_000,
  '5 min': 300_000,
  '15 min': 900_000,
  '4 h': 14_400_000,
}

/** Speed and reversibility of the harm give the clock; the type of the incident has no say in it. */
export function clockOf({ speed, isReversible }: Settled['harm']): Clock {
  if (speed === 'fast') return isReversible ? '15 min' : '60 s'
  return isReversible ? '4 h' : '5 min'
}

/**
 * How fast harm comes, by the times of the harmful acts: fast where the middle gap is at most five minutes. Fewer than two
 * acts have no gap, and say nothing about the next one.
 */
export function harmSpeedOf(acts: readonly UnixNano[]): Known<NonNullable<Harm['speed']>> {
  const middle = middleGapMs(acts)
  if (middle === undefined) return 'unknown'
  return middle <= FAST_GAP_MS ? 'fast' : 'slow'
}

/** The middle gap between harmful acts in milliseconds; undefined for fewer than two. */
export function middleGapMs(acts: readonly UnixNano[]): number | undefined {
  const ordered = acts.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const gaps = ordered
    .slice(1)
    .map((at, before) => Number((at - (ordered[before] ?? at)) / 1_000_000n))
    .toSorted((a, b) => a - b)
  return gaps[Math.floor((gaps.length - 1) / 2)]
}
