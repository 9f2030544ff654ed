import type { ClassBaseline } from '@holdfast/declare'
import type { ProfileDimension } from '@holdfast/model'
import type { DaySummary } from './daily-series.ts'

/** Limits of a class: ε, δ, k, N and h of the requirement book, 6.1. */
export type ConvergenceLimits = ClassBaseline['convergence']

/** V of every class; days before which nothing converges, and by which it is said not to. Product choices of the book. */
export const SPREAD_LIMIT = 0.0025
export const DAYS_AT_LEAST = 14
export const DAYS_AT_MOST = 28

/** What keeps a dimension from its limits on its last day. */
export type Shortfall =
  | { readonly kind: 'novelty'; readonly value: number; readonly limit: number }
  | { readonly kind: 'distance'; readonly value: number; readonly limit: number }
  | { readonly kind: 'spread'; readonly value: number | undefined; readonly limit: number }
  | { readonly kind: 'run'; readonly value: number; readonly limit: number }

export type DimensionConvergence = {
  readonly dimension: ProfileDimension
  readonly days: readonly (DaySummary & {
    /** Within all three limits. */
    readonly isWithin: boolean
    /** Days in a row within them, this one included; days without traffic neither count nor break it. */
    readonly run: number
  })[]
  readonly observations: number
  /** The day from which its last run was long enough; undefined while it is not. */
  readonly settledOn: number | undefined
  readonly shortfalls: readonly Shortfall[]
}

/**
 * The verdict on a Deployment; the worst dimension decides. `converged` is a fact with a date: what leaves the limits later
 * is named beside it and is for drift to judge. `non-convergent` is a lawful end in which entries go on ageing. No state is
 * final in the sense that the profile would stop.
 */
export type Convergence = {
  readonly dimensions: readonly DimensionConvergence[]
  /** First and last day with traffic; undefined without any. */
  readonly firstDay: number | undefined
  readonly lastDay: number | undefined
  readonly observations: number
  readonly status: 'no-traffic' | 'observing' | 'converged' | 'non-convergent'
  /** The day on which it converged, or was said not to. */
  readonly since: number | undefined
  /** Days between the first and the day that is asked about, both included. */
  readonly daysElapsed: number
  /** Of dimensions that are out of their limits now. */
  readonly outside: readonly ProfileDimension[]
}

/** `asOf`: the day that is asked about; observations after it must not be in `series`. */
export function convergenceOf(
  series: ReadonlyMap<ProfileDimension, readonly DaySummary[]>,
  { limits, asOf }: { readonly limits: ConvergenceLimits; readonly asOf: number },
): Convergence {
  const dimensions = [...series]
    .filter(([, days]) => days.length > 0)
    .map(([dimension, days]) => dimensionOf(dimension, days, limits))
  const days = [...new Set(dimensions.flatMap((one) => one.days.map(({ day }) => day)))].toSorted((a, b) => a - b)
  const [firstDay, lastDay] = [days[0], days.at(-1)]
  const observations = dimensions.reduce((sum, one) => sum + one.observations, 0)
  const shared = { dimensions, firstDay, lastDay, observations }
  if (firstDay === undefined) return { ...shared, status: 'no-traffic', since: undefined, daysElapsed: 0, outside: [] }
  const convergedOn = days.find((day) => isConverged(dimensions, { day, firstDay, limits }))
  const lastAllowed = firstDay + DAYS_AT_MOST - 1
  const daysElapsed = asOf - firstDay + 1
  const outside = dimensions.filter(({ settledOn }) => settledOn === undefined).map(({ dimension }) => dimension)
  if (convergedOn !== undefined && convergedOn <= lastAllowed)
    return { ...shared, status: 'converged', since: convergedOn, daysElapsed, outside }
  // The last day must be over before it can be said that it did not happen on it.
  if (asOf > lastAllowed) return { ...shared, status: 'non-convergent', since: lastAllowed, daysElapsed, outside }
  return { ...shared, status: 'observing', since: undefined, daysElapsed, outside }
}

function dimensionOf(
  dimension: ProfileDimension,
  series: readonly DaySummary[],
  limits: ConvergenceLimits,
): DimensionConvergence {
  let run = 0
  const days = series.map((day) => {
    const isWithin = shortfallsOf(day, limits).length === 0
    run = isWithin ? run + 1 : 0
    return { ...day, isWithin, run }
  })
  const last = days.at(-1)
  const isSettled = last !== undefined && last.run >= limits.days
  const shortRun: readonly Shortfall[] =
    last === undefined || isSettled ? [] : [{ kind: 'run', value: last.run, limit: limits.days }]
  return {
    dimension,
    days,
    observations: days.reduce((sum, { observations }) => sum + observations, 0),
    settledOn: isSettled ? days[days.length - 1 - (last.run - limits.days)]?.day : undefined,
    shortfalls: [...(last === undefined ? [] : shortfallsOf(last, limits)), ...shortRun],
  }
}

function shortfallsOf({ novelty, distance, spread }: DaySummary, limits: ConvergenceLimits): readonly Shortfall[] {
  return [
    ...(novelty < limits.novelty ? [] : [{ kind: 'novelty', value: novelty, limit: limits.novelty } as const]),
    ...(distance < limits.distance ? [] : [{ kind: 'distance', value: distance, limit: limits.distance } as const]),
    ...(spread !== undefined && spread < SPREAD_LIMIT
      ? []
      : [{ kind: 'spread', value: spread, limit: SPREAD_LIMIT } as const]),
  ]
}

/**
 * On that day every dimension that was seen until then had its run, 14 days had passed, and the window held N observations.
 * N is of all dimensions together: the book asks whether the Deployment was seen enough, and a template is seen once a call.
 */
function isConverged(
  dimensions: readonly DimensionConvergence[],
  { day, firstDay, limits }: { readonly day: number; readonly firstDay: number; readonly limits: ConvergenceLimits },
): boolean {
  if (day - firstDay + 1 < DAYS_AT_LEAST) return false
  let observations = 0
  for (const { days } of dimensions) {
    const until = days.filter((one) => one.day <= day)
    const last = until.at(-1)
    if (last === undefined) continue
    if (last.run < limits.days) return false
    for (const one of until) observations += one.observations
  }
  return observations >= limits.observations
}
