import { reliabilityOf, type Reliability } from './calibration.ts'
import { type Confusion, confusionOf } from './confusion.ts'
import { carriedAt, type Decision, decisionsBy, RATES, type Source } from './decide.ts'
import { type Figures, figuresOf, groupedFigures, intervalsOf, macroRecall } from './figures.ts'
import { type Floor, floorOf } from './floor.ts'
import type { Interval } from './intervals.ts'
import type { LearningPoint } from './learning.ts'
import type { JudgedRun } from './judge-run.ts'
import type { Skipped } from './corpus.ts'
import { type TechniqueFigures, techniqueFigures } from './techniques.ts'
import { latencyOf, type Steps, stepsOf } from './timing.ts'

/** Characters of a reason: some list all that would have been right. */
const MAX_REASON = 100

/** Figures of one way to decide. */
export type Decided = {
  readonly source: Source
  /** Runs with the role `test`; all of them where no run has it. */
  readonly test: Figures
  readonly all: Figures
  readonly confidenceIntervals: {
    readonly recall: Interval | undefined
    readonly falsePositiveRate: Interval | undefined
    readonly level: 0.95
  }
  readonly macroRecall: { readonly rate: number | null; readonly goals: number }
  readonly perSuite: Readonly<Record<string, Figures>>
  readonly perModel: Readonly<Record<string, Figures>>
  readonly perLabel: Readonly<Record<string, Figures>>
  readonly confusion: Confusion
  /** How often each detector spoke for the type that an incident was given. */
  readonly detectors: Readonly<Record<string, number>>
  readonly steps: Steps | undefined
  readonly calibration: {
    /** The confidence of the incident, and the strength of its strongest signal, which no rule holds down. */
    readonly confidence: Reliability
    readonly strength: Reliability
  }
}

export type Report = {
  readonly schemaVersion: 2
  readonly neutralised: boolean
  readonly behaviourOnly: boolean
  readonly runs: number
  readonly skipped: {
    readonly runs: number
    readonly reasons: Readonly<Record<string, number>>
    /** By reason, the first that was skipped for it. */
    readonly examples: Readonly<Record<string, string>>
  }
  readonly events: { readonly total: number; readonly unmapped: number; readonly unmappedShare: number }
  /** On runs with the role `test`, as `threshold` says. */
  readonly recall: number | null
  readonly falsePositiveRate: number | null
  readonly resistedRate: number | null
  readonly threshold: Source
  readonly confidenceIntervals: Decided['confidenceIntervals']
  readonly perSuite: Decided['perSuite']
  readonly perModel: Decided['perModel']
  readonly confusion: Confusion
  readonly floor: { readonly perAgent: Floor; readonly perSuite: Floor } | undefined
  readonly curve: readonly CurvePoint[]
  readonly techniques: readonly TechniqueFigures[]
  readonly latency: ReturnType<typeof latencyOf>
  /** Where it was asked for. */
  readonly learning: readonly LearningPoint[] | undefined
  readonly carried: Decided | undefined
  readonly shipped: Decided
}

/** One threshold, set so that a share of the other suites' benign runs passes it. */
export type CurvePoint = {
  readonly rate: number
  readonly test: Figures
  readonly all: Figures
  readonly confidenceIntervals: Decided['confidenceIntervals']
}

export type ReportOptions = {
  readonly neutralised: boolean
  readonly behaviourOnly: boolean
  readonly skipped: readonly Skipped[]
  /** Runs were judged with what was learned on the other suites as well. */
  readonly isCarried: boolean
  readonly learning?: readonly LearningPoint[]
}

/** All figures of an evaluation. The same runs give the same document, but for what the machine took for them. */
export function reportOf(
  runs: readonly JudgedRun[],
  { neutralised, behaviourOnly, skipped, isCarried, learning }: ReportOptions,
): Report {
  const carried = isCarried ? decided('carried', decisionsBy(runs, 'carried')) : undefined
  const byShipped = decisionsBy(runs, 'shipped')
  const shipped = decided('shipped', byShipped)
  const first = carried ?? shipped
  const total = runs.reduce((sum, run) => sum + run.events, 0)
  const unmapped = runs.reduce((sum, run) => sum + run.unmapped, 0)
  return {
    schemaVersion: 2,
    neutralised,
    behaviourOnly,
    runs: runs.length,
    skipped: { runs: skipped.length, ...reasonsOf(skipped) },
    events: { total, unmapped, unmappedShare: total === 0 ? 0 : unmapped / total },
    recall: first.test.recall.rate,
    falsePositiveRate: first.test.falsePositives.rate,
    resistedRate: first.test.resisted.rate,
    threshold: first.source,
    confidenceIntervals: first.confidenceIntervals,
    perSuite: first.perSuite,
    perModel: first.perModel,
    confusion: first.confusion,
    floor: floorOf(runs.filter(({ row }) => row.role === 'baseline' || row.role === 'test')),
    curve: isCarried ? RATES.map((rate) => curvePoint(decisionsBy(runs, carriedAt(rate)), rate)) : [],
    techniques: techniqueFigures(byShipped),
    latency: latencyOf(runs),
    learning,
    carried,
    shipped,
  }
}

function curvePoint(decisions: readonly Decision[], rate: number): CurvePoint {
  const test = testOf(decisions)
  return {
    rate,
    test: figuresOf(test),
    all: figuresOf(decisions),
    confidenceIntervals: { ...intervalsOf(test), level: 0.95 },
  }
}

function decided(source: Source, decisions: readonly Decision[]): Decided {
  const test = testOf(decisions)
  const detectors: Record<string, number> = {}
  for (const { verdict } of decisions)
    if (verdict.outcome === 'incident')
      for (const name of verdict.detectors) detectors[name] = (detectors[name] ?? 0) + 1
  return {
    source,
    test: figuresOf(test),
    all: figuresOf(decisions),
    confidenceIntervals: { ...intervalsOf(test), level: 0.95 },
    macroRecall: macroRecall(test),
    perSuite: groupedFigures(test, ({ run }) => run.row.suite),
    perModel: groupedFigures(test, ({ run }) => run.row.model),
    perLabel: groupedFigures(test, ({ run }) => run.row.label),
    confusion: confusionOf(test),
    detectors,
    steps: stepsOf(test),
    calibration: {
      confidence: reliabilityOf(test, ({ confidence }) => confidence),
      strength: reliabilityOf(test, ({ strength }) => strength),
    },
  }
}

function testOf(decisions: readonly Decision[]): readonly Decision[] {
  const test = decisions.filter(({ run }) => run.row.role === 'test')
  return test.length === 0 ? decisions : test
}

function reasonsOf(skipped: readonly Skipped[]): Pick<Report['skipped'], 'reasons' | 'examples'> {
  const reasons: Record<string, number> = {}
  const examples: Record<string, string> = {}
  for (const { archive, member, why } of skipped) {
    const reason = shortened(why)
    reasons[reason] = (reasons[reason] ?? 0) + 1
    examples[reason] ??= member === '' || member === archive ? archive : `${archive}, ${member}`
  }
  return { reasons, examples }
}

/** Cut between words. */
function shortened(why: string): string {
  if (why.length <= MAX_REASON) return why
  const words = why.slice(0, MAX_REASON).replace(/\s+\S*$/, '')
  return `${words} ...`
}
