import { counted } from '@holdfast/model'
import type { Convergence, ConvergenceLimits, DimensionConvergence, Shortfall } from './convergence.ts'
import { DAYS_AT_LEAST, DAYS_AT_MOST } from './convergence.ts'

/** `2026-01-31` for a day since 1970. */
export function dateOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10)
}

/** The verdict as a sentence: converged on a date, not yet and why, or not converging and ageing instead. */
export function verdictWords(convergence: Convergence, limits: ConvergenceLimits): string {
  const { status, since, outside, daysElapsed, dimensions } = convergence
  switch (status) {
    case 'no-traffic':
      return 'nothing was observed yet'
    case 'converged': {
      const left = outside.length === 0 ? '' : `; outside its limits now: ${outside.join(', ')}`
      return `converged on ${dateOf(since ?? 0)}${left}`
    }
    case 'non-convergent': {
      const open = outside.length === 0 ? 'all of it has settled since' : `not settled: ${outside.join(', ')}`
      return `does not converge: its ${DAYS_AT_MOST} days ended on ${dateOf(since ?? 0)}; ${open}; entries age with a half-life of ${counted(limits.halfLifeDays, 'day')} instead`
    }
    case 'observing': {
      const days = daysElapsed < DAYS_AT_LEAST ? [`${daysElapsed} of at least ${DAYS_AT_LEAST} days`] : []
      const few =
        convergence.observations < limits.observations
          ? [`${convergence.observations} of ${counted(limits.observations, 'observation')}`]
          : []
      const open = dimensions.filter(({ shortfalls }) => shortfalls.length > 0).map(dimensionWords)
      return `not yet: ${[...days, ...few, ...open].join('; ')}`
    }
  }
}

/** What one dimension is short of, as words. */
export function dimensionWords({ dimension, shortfalls, settledOn }: DimensionConvergence): string {
  if (shortfalls.length === 0) return `${dimension} settled on ${dateOf(settledOn ?? 0)}`
  return `${dimension}: ${shortfalls.map(shortfallWords).join(', ')}`
}

function shortfallWords({ kind, value, limit }: Shortfall): string {
  switch (kind) {
    case 'novelty':
      return `${percent(value)} new entries, ${percent(limit)} allowed`
    case 'distance':
      return `distance ${value.toFixed(3)}, ${limit} allowed`
    case 'spread':
      return value === undefined ? 'too few days for a spread' : `spread ${value.toFixed(4)}, ${limit} allowed`
    case 'run':
      return `${value} of ${counted(limit, 'day')} in a row`
  }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
