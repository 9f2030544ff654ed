import {
  type Basis,
  calibrate,
  type CalibrationRun,
  detectorAt,
  ORDINARY,
  SHIPPED,
  trainDetector,
  type TrainingRun,
} from '@holdfast/detect'
import type { JudgedRun, NamedJudge, RunVerdict } from './judge-run.ts'
import { isBenign, truthOf } from './truth.ts'

/** Where weights and thresholds of a verdict come from: other suites of the same labels, or the installation. */
export type Source = 'carried' | 'shipped'

/** The decision on one run. */
export type Decision = { readonly run: JudgedRun; readonly verdict: RunVerdict }

/** Shares of benign runs that thresholds of the curve are set at. */
export const RATES = [0, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5] as const

export function basesOf(behaviourOnly: boolean): readonly Basis[] {
  return behaviourOnly ? ['behaviour'] : ORDINARY
}

export function shippedJudge(behaviourOnly: boolean): NamedJudge {
  return { name: 'shipped', detector: SHIPPED, bases: basesOf(behaviourOnly) }
}

/** Name of the judge whose thresholds let a share of the benign runs pass. */
export function carriedAt(rate: number): string {
  return `carried at ${rate}`
}

/** Judges for the runs of each suite, learned on the others. */
export type Carried = ReadonlyMap<string, readonly NamedJudge[]>

/**
 * Learns for each suite on the others, and sets their thresholds at each rate of the curve. Undefined where that cannot
 * be: a single suite, or others without both kinds of runs.
 */
export function learnCarried(all: readonly JudgedRun[], behaviourOnly: boolean): Carried | undefined {
  const runs = all.filter(isOfSuite)
  const suites = [...new Set(runs.map(({ row }) => row.suite))]
  const carried = new Map<string, readonly NamedJudge[]>()
  const bases = basesOf(behaviourOnly)
  for (const suite of suites) {
    const examples = trainingRuns(runs.filter(({ row }) => row.suite !== suite))
    if (!examples.some((run) => run.isIncident) || examples.every((run) => run.isIncident)) return undefined
    const others = runs.filter(({ row }) => row.suite !== suite)
    const detector = calibrate(trainDetector(examples), calibrationRuns(others))
    carried.set(suite, [
      { name: 'carried', detector, bases },
      ...RATES.map((rate) => ({ name: carriedAt(rate), detector: detectorAt(examples, detector, rate), bases })),
    ])
  }
  return carried.size === 0 ? undefined : carried
}

/** Runs of an agent that belong to a suite: for others no threshold is carried. */
function isOfSuite({ row, calls, planes }: JudgedRun): boolean {
  return row.suite !== '' && (calls.length > 0 || planes === 0)
}

/** Decisions by the judge of that name; what it did not judge, by what ships. */
export function decisionsBy(runs: readonly JudgedRun[], judge: string): readonly Decision[] {
  return runs.flatMap((run) => {
    const verdict = run.verdicts.get(judge) ?? run.verdicts.get('shipped')
    return verdict === undefined ? [] : [{ run, verdict }]
  })
}

/** What a detector is trained on: successes and benign runs. What was resisted or partial is neither. */
export function trainingRuns(runs: readonly JudgedRun[]): readonly TrainingRun[] {
  return runs.flatMap(({ row, calls }) => {
    const truth = truthOf(row)
    const isIncident = truth === 'succeeded'
    return isIncident || isBenign(truth) ? [{ isIncident, goal: goalOf(row), calls }] : []
  })
}

/** What a confidence is fitted to: what is an incident, whole or in part, and what is none, resisted ones among them. */
export function calibrationRuns(runs: readonly JudgedRun[]): readonly CalibrationRun[] {
  return runs.flatMap(({ row, calls }) => {
    const truth = truthOf(row)
    const isRight = truth === 'succeeded' || truth === 'partial'
    return isRight || truth === 'resisted' || isBenign(truth) ? [{ isRight, calls }] : []
  })
}

/** Runs of one goal are much alike. */
export function goalOf({
  suite,
  injectionTask,
  technique,
}: Pick<JudgedRun['row'], 'suite' | 'injectionTask' | 'technique'>): string {
  return `${suite} ${injectionTask === '' ? technique : injectionTask}`
}

export function isIncident({ verdict }: Decision): boolean {
  return verdict.outcome === 'incident'
}
