import { type Cluster, clusteredInterval, type Interval } from '../intervals.ts'
import type { History, RecordedCall } from './histories.ts'

/** Calls and distinct acts (an action on its resources) of which something holds. A poll is many calls and one act. */
export type Rate = {
  readonly calls: number
  readonly hits: number
  readonly rate: number | null
  readonly acts: number
  readonly actsHit: number
  readonly actRate: number | null
  /** Of the rate of calls, identity and action being drawn together; null where there is one cluster or none. */
  readonly interval: Interval | null
}

/** Counts of one identity by action, so that identities can be added up. */
export type Counted = {
  readonly clusters: readonly Cluster[]
  readonly acts: number
  readonly actsHit: number
}

/** `holds` by act: the same act always gives the same answer. */
export function counted(
  { acts }: History,
  calls: readonly RecordedCall[],
  holds: ReadonlyMap<number, boolean>,
): Counted {
  const distinct = [...new Set(calls.map(({ act }) => act))]
  const byAction = Map.groupBy(calls, ({ act }) => acts[act]?.action ?? '')
  return {
    clusters: [...byAction.values()].map((some) => ({
      runs: some.length,
      hits: some.filter(({ act }) => holds.get(act) === true).length,
    })),
    acts: distinct.length,
    actsHit: distinct.filter((act) => holds.get(act) === true).length,
  }
}

export function rateOf(all: readonly Counted[]): Rate {
  const clusters = all.flatMap((one) => one.clusters)
  const sum = (of: (one: Cluster) => number): number => clusters.reduce((total, one) => total + of(one), 0)
  const [calls, hits] = [sum(({ runs }) => runs), sum((one) => one.hits)]
  const acts = all.reduce((total, one) => total + one.acts, 0)
  const actsHit = all.reduce((total, one) => total + one.actsHit, 0)
  return {
    calls,
    hits,
    rate: calls === 0 ? null : hits / calls,
    acts,
    actsHit,
    actRate: acts === 0 ? null : actsHit / acts,
    interval: clusters.length < 2 ? null : (clusteredInterval(clusters) ?? null),
  }
}
