import { learnCarried, shippedJudge } from './decide.ts'
import type { LabelledRun } from './labels.ts'
import { learningCurve } from './learning.ts'
import { readAll, type ReadOptions } from './read-all.ts'
import { type Report, reportOf } from './report.ts'
import { truthOf } from './truth.ts'

export type EvaluateOptions = Omit<ReadOptions, 'judges'> & {
  readonly behaviourOnly: boolean
  /** Also what confirmed incidents of a goal teach about its other runs. */
  readonly learning?: boolean
}

/**
 * All figures of a folder. Recordings are read twice where thresholds can be carried: once to learn, and once to hold
 * what was learned on the other suites against the same cases that the product would file.
 */
export function evaluate({ behaviourOnly, learning = false, ...options }: EvaluateOptions): Report {
  const labels = options.labels?.filter(isScored)
  const shipped = shippedJudge(behaviourOnly)
  const first = readAll({ ...options, labels, judges: () => [shipped] })
  const carried = learnCarried(first.runs, behaviourOnly)
  const curve = learning
    ? {
        learning: learningCurve(first.runs, {
          detectorOf: ({ row }) => carried?.get(row.suite)?.[0]?.detector ?? shipped.detector,
        }),
      }
    : {}
  const about = { neutralised: options.neutralised, behaviourOnly, skipped: first.skipped, ...curve }
  if (carried === undefined) return reportOf(first.runs, { ...about, isCarried: false })
  const second = readAll({ ...options, labels, judges: ({ suite }) => carried.get(suite) ?? [] })
  // The same recordings in the same order: what is deterministic needs no key.
  const runs = first.runs.map((run, i) => ({
    ...run,
    verdicts: new Map([...run.verdicts, ...(second.runs[i]?.verdicts ?? [])]),
  }))
  return reportOf(runs, { ...about, isCarried: true })
}

function isScored(row: LabelledRun): boolean {
  return truthOf(row) !== 'dropped' && row.role !== 'exclude'
}
