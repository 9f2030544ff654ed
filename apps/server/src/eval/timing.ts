import type { Decision } from './decide.ts'
import { isWhole } from './figures.ts'
import type { JudgedRun, Stages } from './judge-run.ts'
import { truthOf } from './truth.ts'

/** How late incidents that were found were found. */
export type Steps = {
  /** Calls, or records of a log, from the first malicious one to the one that made the incident. */
  readonly median: number
  readonly p95: number
  readonly worst: number
  readonly runs: number
  /** Seconds of claimed time between them, over the runs whose clocks are not made up. */
  readonly seconds: { readonly median: number; readonly worst: number; readonly runs: number } | undefined
}

export function stepsOf(decisions: readonly Decision[]): Steps | undefined {
  const found = decisions.filter(
    ({ run, verdict }) => verdict.outcome === 'incident' && isWhole(truthOf(run.row)) && verdict.at !== undefined,
  )
  const steps = sorted(
    found.flatMap(({ run, verdict }) =>
      run.firstForeign === undefined || verdict.at === undefined ? [] : [Math.max(0, verdict.at - run.firstForeign)],
    ),
  )
  const seconds = sorted(
    found.flatMap(({ verdict }) => (verdict.delay === undefined ? [] : [Number(verdict.delay) / 1e9])),
  )
  if (steps.length === 0) return undefined
  return {
    median: at(steps, 0.5),
    p95: at(steps, 0.95),
    worst: at(steps, 1),
    runs: steps.length,
    seconds:
      seconds.length === 0 ? undefined : { median: at(seconds, 0.5), worst: at(seconds, 1), runs: seconds.length },
  }
}

export type Percentiles = { readonly p50: number; readonly p95: number }

/** Milliseconds of computing a run took on this machine, by stage. Triage and response are none of an evaluation's. */
export function latencyOf(runs: readonly JudgedRun[]): Readonly<Record<keyof Stages, Percentiles>> {
  const of = (stage: keyof Stages): Percentiles => {
    const values = sorted(runs.map(({ milliseconds }) => milliseconds[stage]))
    return { p50: rounded(at(values, 0.5)), p95: rounded(at(values, 0.95)) }
  }
  return { capture: of('capture'), decision: of('decision'), correlation: of('correlation') }
}

function sorted(values: readonly number[]): readonly number[] {
  return values.toSorted((a, b) => a - b)
}

function at(values: readonly number[], share: number): number {
  return values[Math.min(values.length - 1, Math.floor(share * values.length))] ?? 0
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100
}
