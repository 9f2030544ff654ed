import { inert } from '../rules/report.ts'
import type { Count, Figures } from './figures.ts'
import type { Interval } from './intervals.ts'
import type { Reliability } from './calibration.ts'
import type { LearningPoint } from './learning.ts'
import type { Decided, Report } from './report.ts'
import type { TechniqueFigures } from './techniques.ts'
import type { Percentiles } from './timing.ts'

/** The report as a person reads it: counts beside every rate. */
export function textOf(report: Report): string {
  const { carried, shipped, floor } = report
  const way = [
    report.neutralised ? 'wrapper neutralised' : 'as recorded',
    report.behaviourOnly ? 'behaviour only' : 'all signals',
  ]
  return [
    `${report.runs} runs (${way.join(', ')}); ${report.skipped.runs} could not be read`,
    `${percent(report.events.unmappedShare)} of ${report.events.total} events could not be mapped`,
    ...skippedLines(report.skipped),
    coverLine(report),
    ...(carried === undefined
      ? ['one suite only, or none with both kinds of runs: no threshold could be carried over']
      : section('weights and threshold learned on the other suites', carried)),
    ...section('weights and threshold as shipped', shipped),
    ...(report.curve.length === 0 ? [] : ['', 'threshold at a share of the other suites, used unchanged']),
    ...report.curve.map(
      ({ rate, test, all, confidenceIntervals }) =>
        `  ${percent(rate).padStart(7)}  ${line(test)}; by goal ${interval(confidenceIntervals.recall)}; all runs: recall ${shown(all.recall)}`,
    ),
    ...(floor === undefined
      ? []
      : [
          '',
          `floor, a tool new to the agent: ${floorLine(floor.perAgent)}`,
          `floor, a tool new to the suite: ${floorLine(floor.perSuite)}`,
        ]),
    ...techniqueLines(report.techniques),
    ...learningLines(report.learning ?? []),
    '',
    `computing a run took, p50 and p95: capture ${latency(report.latency.capture)}, decision ${latency(report.latency.decision)}, correlation ${latency(report.latency.correlation)}`,
    '',
  ].join('\n')
}

/** One line for each reason, with the first file that was skipped for it. */
export function skippedLines({ reasons, examples }: Report['skipped']): readonly string[] {
  return Object.entries(reasons).map(
    ([why, count]) =>
      `  skipped ${count}: ${inert(why)} (${count === 1 ? '' : 'the first is '}${inert(examples[why] ?? '')})`,
  )
}

/** The tables hold fewer runs than were read where some have the role `test`. */
function coverLine({ runs, shipped }: Report): string {
  const held = sum(Object.values(shipped.confusion.counts).flatMap((row) => Object.values(row)))
  const calibrated = sum(shipped.calibration.confidence.bins.map((bin) => bin.runs))
  const which = held === runs ? 'all of them' : `the ${held} with the role test`
  return `suites, models and the confusion table cover ${which}, calibration ${calibrated}`
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function section(title: string, decided: Decided): readonly string[] {
  const { confidenceIntervals, macroRecall, steps, confusion } = decided
  return [
    '',
    title,
    `  ${line(decided.test)}`,
    `  recall by goal ${interval(confidenceIntervals.recall)}, macro ${macroRecall.rate === null ? '-' : percent(macroRecall.rate)} over ${macroRecall.goals} goals`,
    `  false positives by user task ${interval(confidenceIntervals.falsePositiveRate)}`,
    `  all runs: ${line(decided.all)}`,
    ...(steps === undefined
      ? []
      : [
          `  steps from the first malicious one to the incident: median ${steps.median}, p95 ${steps.p95}, worst ${steps.worst}, over ${steps.runs} runs${steps.seconds === undefined ? '' : `; seconds: median ${steps.seconds.median.toFixed(1)}, worst ${steps.seconds.worst.toFixed(1)}, over ${steps.seconds.runs}`}`,
        ]),
    ...Object.entries(decided.perSuite).map(
      ([suite, figures]) => `  suite ${suite === '' ? '-' : suite}: ${line(figures)}`,
    ),
    ...Object.entries(decided.perModel).map(
      ([model, figures]) => `  model ${model === '' ? '-' : model}: ${line(figures)}`,
    ),
    '  was \\ called     benign  attempt   type 1   type 2   type 3',
    ...Object.entries(confusion.counts).map(
      ([truth, { benign, attempt, type1, type2, type3 }]) =>
        `  ${truth.padEnd(12)}${[benign, attempt, type1, type2, type3].map((count) => String(count).padStart(9)).join('')}`,
    ),
    ...reliabilityLines('strength of the strongest signal', decided.calibration.strength),
    ...reliabilityLines('confidence of the incident', decided.calibration.confidence),
  ]
}

function techniqueLines(techniques: readonly TechniqueFigures[]): readonly string[] {
  if (techniques.length === 0) return []
  return [
    '',
    'by technique or rule: called of executed, called of near misses, signals on it and on ordinary calls alone',
    ...techniques.map(
      ({ technique, executed, nearMisses, onTechnique, onOrdinary, ordinary, precision }) =>
        `  ${technique}: ${shown(executed)}, near misses ${shown(nearMisses)}, signals ${onTechnique} and ${onOrdinary} (${ordinary} ordinary), precision ${precision === null ? '-' : percent(precision)}`,
    ),
  ]
}

function learningLines(points: readonly LearningPoint[]): readonly string[] {
  if (points.length === 0) return []
  return [
    '',
    'learned from confirmed incidents of one goal: recall on its other runs, mean calls to the finding, false positives',
    ...points.map(
      ({ confirmed, goals, recall, macroRecall, steps, falsePositives }) =>
        `  ${String(confirmed).padStart(2)} of ${goals} goals: recall ${percent(recall.before)} to ${percent(recall.after)}, macro ${percent(macroRecall.before)} to ${percent(macroRecall.after)}, calls ${steps.before.toFixed(2)} to ${steps.after.toFixed(2)}, false positives ${falsePositives.before} to ${falsePositives.after} of ${falsePositives.runs}`,
    ),
  ]
}

function reliabilityLines(what: string, { bins, brier, calibrationError, ...own }: Reliability): readonly string[] {
  const number = (value: number | null): string => (value === null ? '-' : value.toFixed(3))
  return [
    `  calibration, ${what}: Brier ${number(brier)}, error ${number(calibrationError)}, of incidents ${number(own.calibrationErrorOfIncidents)}`,
    ...bins.map(
      ({ from, to, runs, said, observed }) =>
        `    ${from.toFixed(2)} to ${to.toFixed(2)}: ${String(runs).padStart(5)} runs, said ${said.toFixed(2)}, observed ${observed.toFixed(2)}`,
    ),
  ]
}

function latency({ p50, p95 }: Percentiles): string {
  return `${p50} and ${p95} ms`
}

function line({ recall, partial, resisted, falsePositives }: Figures): string {
  return `recall ${shown(recall)}, partial ${shown(partial)}, resisted ${shown(resisted)}, false positives ${shown(falsePositives)}`
}

function floorLine(floor: Readonly<Record<string, string>>): string {
  return Object.entries(floor)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')
}

function shown({ incidents, runs, rate }: Count): string {
  return rate === null ? '-' : `${incidents}/${runs} (${percent(rate)})`
}

function interval(found: Interval | undefined): string {
  return found === undefined ? '-' : `[${percent(found.low)}, ${percent(found.high)}] over ${found.clusters} clusters`
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
