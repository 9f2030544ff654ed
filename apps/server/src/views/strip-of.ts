import type { StripWire } from '@holdfast/api'
import { STRIP_PARTS, STRIP_STEPS } from '../limits.ts'
import type { United } from './graph-queries.ts'
import { beganAt, type SightClock } from './sight.ts'

/** What the worker knows of the time of a conversation; marks come from elsewhere. */
export type StripTimes = Pick<StripWire, 'by' | 'from' | 'to' | 'events' | 'counts' | 'steps' | 'stepsTotal'> & {
  readonly agents: readonly string[]
  readonly conversations: readonly string[]
}

/** When things began, thinned evenly past the bound: the first and the last always stay. */
export function stripOf(
  { events, conversations }: Pick<United, 'events' | 'conversations'>,
  by: SightClock,
): StripTimes {
  const times = events.map((event) => beganAt(event, by)).toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const distinct = times.filter((time, index) => time !== times[index - 1])
  const from = distinct[0] ?? 0n
  const to = distinct.at(-1) ?? from
  const counts = Array.from({ length: STRIP_PARTS }, () => 0)
  for (const time of times) {
    const part =
      to === from ? 0 : Math.min(STRIP_PARTS - 1, Number(((time - from) * BigInt(STRIP_PARTS)) / (to - from)))
    counts[part] = (counts[part] ?? 0) + 1
  }
  return {
    by,
    from: from.toString(),
    to: to.toString(),
    events: times.length,
    counts,
    steps: thinned(distinct, STRIP_STEPS).map(String),
    stepsTotal: distinct.length,
    agents: [...new Set(events.map(({ agent }) => agent.id))].toSorted(),
    conversations,
  }
}

function thinned<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all
  return Array.from({ length: most }, (_, index) => all[Math.round((index * (all.length - 1)) / (most - 1))]).flatMap(
    (one) => (one === undefined ? [] : [one]),
  )
}
