import type { Incident, UnixNano } from '@holdfast/model'
import { HARMFUL_ACTS_SHOWN } from './limits.ts'

/**
 * When the acts were that speak for the incident's type, in their order. Told by the one witness that saw most of them: several
 * tell of one act, each by its own clock, and so one act would look like a quick series.
 */
export function harmfulActsOf({ type, signals }: Pick<Incident, 'type' | 'signals'>): readonly UnixNano[] {
  const speaking = signals.filter(({ speaksFor, strength }) => speaksFor === type && strength >= STRONG)
  const byWitness = [...Map.groupBy(speaking, ({ detector }) => detector).values()].map(
    (seen) => new Map(seen.map(({ deed, events, claimedAt }) => [deed ?? events[0], claimedAt])),
  )
  const [most = new Map<string, UnixNano>()] = byWitness.toSorted((a, b) => b.size - a.size)
  return [...most.values()].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)).slice(0, HARMFUL_ACTS_SHOWN)
}

/** What is weaker colours a chain and makes none (model/incident.ts). */
const STRONG = 0.5
