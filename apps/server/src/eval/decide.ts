import {
  type Basis,
  type Detector,
  detectorAt,
  findingOf,
  ORDINARY,
  SHIPPED,
  trainDetector,
  type TrainingRun,
} from '@holdfast/detect'
import type { JudgedRun } from './judge-run.ts'
import { isBenign, truthOf } from './truth.ts'

/** Where weights and thresholds of a verdict come from: other suites of the same labels, or the installation. */
export type Source = 'carried' | 'shipped'

/** The decision on one run: at which call it became an incident, if it did. */
export type Decision = {
  readonly run: JudgedRun
  readonly incidentAt: number | undefined
  readonly basis: Basis | undefined
}

export type DecideOptions = {
  readonly behaviourOnly: boolean
  /** Share of the other suites' benign runs that may pass; each basis has its own where it is absent. */
  readonly rate?: number
}

/** Decisions with what ships. */
export function decideShipped(runs: readonly JudgedRun[], options: DecideOptions): readonly Decision[] {
  return runs.map((run) => decide(run, SHIPPED, options))
}

/** Detectors for the runs of each suite, learned on the others. */
export type Carried = ReadonlyMap<string, { readonly examples: readonly TrainingRun[]; readonly detector: Detector }>

/**
 * Learns for each suite on the others. Undefined where that cannot be: a single suite, or others without both kinds of runs.
 */
export function learnCarried(runs: readonly JudgedRun[]): Carried | undefined {
  const suites = [...new Set(runs.map(({ row }) => row.suite))]
  const carried = new Map<string, { readonly examples: readonly TrainingRun[]; readonly detector: Detector }>()
  for (const suite of suites) {
    const examples = trainingRuns(runs.filter(({ row }) => row.suite !== suite))
    if (!examples.some((run) => run.isIncident) || examples.every((run) => run.isIncident)) return undefined
    carried.set(suite, { examples, detector: trainDetector(examples) })
  }
  return carried
}

/** Decisions on each suite with weights and thresholds of the others, used unchanged. */
export function decideCarried(
  runs: readonly JudgedRun[],
  carried: Carried,
  options: DecideOptions,
): readonly Decision[] {
  const { rate } = options
  return [...carried].flatMap(([suite, { examples, detector }]) => {
    const used = rate === undefined ? detector : detectorAt(examples, detector, rate)
    return runs.filter(({ row }) => row.suite === suite).map((run) => decide(run, used, options))
  })
}

/** What a detector is trained on: successes and benign runs. What was resisted or partial is neither. */
export function trainingRuns(runs: readonly JudgedRun[]): readonly TrainingRun[] {
  return runs.flatMap(({ row, calls }) => {
    const truth = truthOf(row)
    const isIncident = truth === 'succeeded'
    return isIncident || isBenign(truth) ? [{ isIncident, goal: `${row.suite} ${row.injectionTask}`, calls }] : []
  })
}

function decide(run: JudgedRun, detector: Detector, { behaviourOnly }: DecideOptions): Decision {
  const bases: readonly Basis[] = behaviourOnly ? ['behaviour'] : ORDINARY
  for (const [i, call] of run.calls.entries()) {
    const finding = findingOf(call, detector, bases)
    if (finding !== undefined) return { run, incidentAt: i, basis: finding.basis }
  }
  return { run, incidentAt: undefined, basis: undefined }
}
