import type { Decision } from './decide.ts'
import { isBenign, truthOf, typeOf } from './truth.ts'

export type ReliabilityBin = {
  readonly from: number
  readonly to: number
  readonly runs: number
  /** Mean of what was said. */
  readonly said: number
  /** Share of the runs that were an incident. */
  readonly observed: number
}

/** How far what was said is what was so. */
export type Reliability = {
  readonly bins: readonly ReliabilityBin[]
  /** Mean squared distance, over all runs. */
  readonly brier: number | null
  /** Mean distance by bin, weighted by runs: over all of them, and over those that were called an incident. */
  readonly calibrationError: number | null
  readonly calibrationErrorOfIncidents: number | null
}

const EDGES = [0, 0.05, 0.2, 0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1] as const

type Point = { readonly said: number; readonly isSo: boolean; readonly isCalled: boolean }

/**
 * The reliability of what is said of runs. A partial success is an incident, what was resisted is none; runs that are
 * neither by their label are left out.
 */
export function reliabilityOf(
  decisions: readonly Decision[],
  saidOf: (verdict: Decision['verdict']) => number,
): Reliability {
  const points = decisions.flatMap(({ run, verdict }): readonly Point[] => {
    const truth = truthOf(run.row)
    const isSo = typeOf(truth) !== undefined
    if (!isSo && !isBenign(truth) && truth !== 'resisted') return []
    return [{ said: saidOf(verdict), isSo, isCalled: verdict.outcome === 'incident' }]
  })
  const bins = binsOf(points)
  return {
    bins,
    brier: points.length === 0 ? null : mean(points.map(({ said, isSo }) => (said - (isSo ? 1 : 0)) ** 2)),
    calibrationError: errorOf(bins),
    calibrationErrorOfIncidents: errorOf(binsOf(points.filter(({ isCalled }) => isCalled))),
  }
}

function binsOf(points: readonly Point[]): readonly ReliabilityBin[] {
  return EDGES.slice(0, -1).flatMap((from, i) => {
    const to = EDGES[i + 1] ?? 1
    const own = points.filter(({ said }) => said >= from && (said < to || to === 1))
    if (own.length === 0) return []
    return [
      {
        from,
        to,
        runs: own.length,
        said: mean(own.map(({ said }) => said)),
        observed: own.filter(({ isSo }) => isSo).length / own.length,
      },
    ]
  })
}

function errorOf(bins: readonly ReliabilityBin[]): number | null {
  const total = bins.reduce((sum, { runs }) => sum + runs, 0)
  return total === 0
    ? null
    : bins.reduce((sum, { runs, said, observed }) => sum + (runs / total) * Math.abs(said - observed), 0)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
