import type { BaselineWire, ProfileEntryWire } from '@holdfast/api'
import { dateOf, dimensionWords, SPREAD_LIMIT, spreadOf, verdictWords } from '@holdfast/observe'
import { counted, formatRfc3339, parseUnixNano } from '@holdfast/model'
import type { AboutAgent } from '../inventory/inventory-queries.ts'
import { agentTrack, type AgentTrack } from './agent-track.ts'
import type { AgentBaseline, ProfileEntry } from './agent-baseline.ts'
import { wholeOf } from './profile-reader.ts'

/** A baseline as the API answers it: the chart, its table and its CSV are all of these numbers. */
export function baselineWire(
  baseline: AgentBaseline,
  about: AboutAgent | undefined,
  enforced: { readonly isEnforced: boolean },
): BaselineWire {
  const { reader, limits, convergence, days, asOf } = baseline
  const { doc, marks } = reader
  const { status, since, firstDay, lastDay, daysElapsed, observations } = convergence
  return {
    agent: doc.id,
    name: about?.name ?? doc.name,
    class: about?.class ?? 'unclassified',
    classReasons: [...(about?.classReasons ?? [])],
    clocks: [...doc.clocks],
    asOf: timeText(asOf),
    status,
    converged: status === 'converged',
    ...(since === undefined ? {} : { since: dateOf(since) }),
    verdict: verdictWords(convergence, limits),
    ...(doc.unstarted === 0 ? {} : { partial: partialWords(doc.unstarted) }),
    daysElapsed,
    ...(firstDay === undefined ? {} : { firstDay: dateOf(firstDay) }),
    ...(lastDay === undefined ? {} : { lastDay: dateOf(lastDay) }),
    observations,
    limits: { ...limits, spread: SPREAD_LIMIT },
    dimensions: convergence.dimensions.map((one) => ({
      dimension: one.dimension,
      verdict: dimensionWords(one),
      converged: one.settledOn !== undefined,
      ...(one.settledOn === undefined ? {} : { since: dateOf(one.settledOn) }),
      observations: one.observations,
      entries: new Set([...(days.get(one.dimension)?.values() ?? [])].flatMap((day) => [...day.keys()])).size,
      days: one.days.map(({ day, isWithin, spread, ...counts }) => ({
        date: dateOf(day),
        ...counts,
        ...(spread === undefined ? {} : { spread }),
        within: isWithin,
      })),
    })),
    volumes: [...reader.volumes()].flatMap(([measure, byDay]) => {
      const spread = spreadOf(wholeOf(byDay))
      if (spread === undefined) return []
      const { count, ...quantiles } = spread
      return [{ measure, executions: count, ...quantiles }]
    }),
    changes: reader.changes().map(({ claimedAt, ...change }) => ({ at: timeText(BigInt(claimedAt)), ...change })),
    churn: { restarts: doc.restarts, scalings: doc.scalings },
    marks: marks.flatMap(({ mark, recordedAt, positions, ...rest }) =>
      mark === 'lifted'
        ? []
        : [
            {
              ...rest,
              mark,
              positions: (positions ?? []).map(([first, last]): [number, number] => [first, last]),
              recordedAt: timeText(BigInt(recordedAt)),
            },
          ],
    ),
    track: trackWire(agentTrack(about, enforced)),
    ...modeOf(about),
    leftOut: { untimed: doc.untimed, outOfTime: doc.outOfTime },
  }
}

function modeOf(about: AboutAgent | undefined): Pick<BaselineWire, 'mode'> {
  const stated = about?.statements['mode']
  return stated === undefined ? {} : { mode: { mode: stated.value, by: stated.by, reason: stated.reason } }
}

export function trackWire({ track, reasons, obstacles, dataClasses }: AgentTrack): BaselineWire['track'] {
  return {
    track,
    reasons: [...reasons],
    obstacles: [...obstacles],
    ...(dataClasses === undefined ? {} : { dataClasses: [...dataClasses] }),
  }
}

export function entryWire({
  dimension,
  key,
  count,
  daysSeen,
  first,
  last,
  standing,
  isNew,
}: ProfileEntry): ProfileEntryWire {
  const { recency, state, isThin } = standing
  return {
    dimension,
    key,
    count,
    daysSeen,
    first: timeText(first),
    last: timeText(last),
    recency,
    state,
    thin: isThin,
    isNew,
  }
}

/** Claimed times are of unsigned 64-bit nanoseconds; what an instant adds may not pass them. */
export function timeText(nanos: bigint): string {
  const time = parseUnixNano(nanos)
  return time === undefined ? '' : formatRfc3339(time)
}

function partialWords(unstarted: number): string {
  return `${counted(unstarted, 'process was', 'processes were')} running before the watch began: what was done before was not seen`
}
