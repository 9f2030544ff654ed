import { counted } from '@holdfast/model'
import { evidence, met, unmet, constrained, type Check, type Evidence } from './checks.ts'
import type { ChartDay, ConvergenceFacts, DiagnosticFacts } from './facts.ts'
import { gapCheck } from './gap-check.ts'
import { providerAnswer, providerLimit } from './hosted.ts'
import { CHART_DAYS } from './limits.ts'
import { agentPath } from './paths.ts'

/** Q2: the chart of at least 14 days, with its spread in numbers (OBS-2). */
export function convergenceQuestion(facts: DiagnosticFacts): readonly Check[] {
  const { convergence, target, gaps, gapsCut } = facts
  const shown = chartOf(facts)
  if (convergence === undefined || convergence.dimensions.length === 0) return [nothing(facts)]
  const span = daysOf(convergence)
  const from = new Date(Date.parse(target.at) - CHART_DAYS * DAY_MS).toISOString()
  return [
    lengthCheck(span, shown),
    spreadCheck(convergence, shown),
    steadyCheck(convergence, shown),
    wholeCheck(convergence, shown),
    gapCheck(`streams whole over the last ${CHART_DAYS} days`, target, { gaps, gapsCut, from, to: target.at }),
  ]
}

/** C3: a profile of the Deployment whose spread shrinks into a steady band. */
export function convergenceCapability(facts: DiagnosticFacts): readonly Check[] {
  const { convergence } = facts
  if (convergence === undefined || convergence.dimensions.length === 0) return [nothing(facts)]
  const shown = chartOf(facts)
  return [lengthCheck(daysOf(convergence), shown), steadyCheck(convergence, shown), wholeCheck(convergence, shown)]
}

/** C5: a track with reasons, which data classes decide (OBS-6). */
export function trackCapability(facts: DiagnosticFacts): readonly Check[] {
  const { convergence, target } = facts
  const what = 'track with its reasons'
  if (convergence === undefined) return [unmet(what, `${target.name} has no profile, so no track was decided`)]
  const { track, reasons, obstacles, dataClasses } = convergence.track
  const path = agentPath(target, 'baseline')
  const stated = convergence.statements.filter(({ field }) => field === 'data-classes' || field === 'track')
  const entries = stated.map(({ entry }) => entry)
  const because = evidence('the observations behind it', convergence.entries, { path })
  const decided = met(what, `track ${track}: ${reasons.join('; ')}`, [because])
  const classes =
    dataClasses === undefined || entries.length === 0
      ? unmet('data classes that decide it', 'nobody stated which data it handles, so track 1 is only the default')
      : met('data classes that decide it', dataClasses.join(', '), [evidence('the statement', entries, { path })])
  const kept =
    track === 2 && obstacles.length > 0
      ? [unmet('pre-enforced before production', obstacles.join('; '), [because])]
      : []
  return [decided, classes, ...kept]
}

function nothing({ target }: DiagnosticFacts): Check {
  const what = 'a profile to draw'
  if (target.hostedBy === undefined) return unmet(what, `nothing of ${target.name} was observed by ${target.at}`)
  const why = `no telemetry of it was received; ${providerLimit(target.hostedBy, 'C3')}`
  return constrained(what, why, [providerAnswer(target.hostedBy)])
}

function lengthCheck(days: number, shown: readonly Evidence[]): Check {
  const what = `at least ${CHART_DAYS} days on the chart`
  return days >= CHART_DAYS
    ? met(what, counted(days, 'day'), shown)
    : unmet(what, `${days} of ${CHART_DAYS} days were observed`, shown)
}

function spreadCheck({ dimensions }: ConvergenceFacts, shown: readonly Evidence[]): Check {
  const what = 'spread of every dimension in numbers'
  const without = dimensions.filter(({ days }) => lastSpread(days) === undefined).map(({ dimension }) => dimension)
  if (without.length > 0) return unmet(what, `too few days for a spread of ${without.join(', ')}`, shown)
  const worst = Math.max(...dimensions.map(({ days }) => lastSpread(days) ?? 0))
  return met(what, `${dimensions.length} dimensions, the widest at ${worst.toFixed(5)}`, shown)
}

function steadyCheck({ status, verdict, since }: ConvergenceFacts, shown: readonly Evidence[]): Check {
  const what = 'a steady band'
  return status === 'converged'
    ? met(what, `converged on ${since ?? 'a day before'}`, shown)
    : unmet(what, verdict, shown)
}

function wholeCheck({ partial, exclusions }: ConvergenceFacts, shown: readonly Evidence[]): Check {
  const what = 'a profile that is whole'
  if (partial !== undefined) return unmet(what, partial, shown)
  if (exclusions.length > 0) {
    const marks = evidence(
      'marks',
      exclusions.map(({ entry }) => entry),
    )
    return unmet(what, `taken out: ${exclusions.map(({ reason }) => reason).join('; ')}`, [marks])
  }
  return met(what, 'it began before its processes did anything, and nothing was taken out', shown)
}

function chartOf({ convergence, target }: DiagnosticFacts): readonly Evidence[] {
  const days = convergence === undefined ? '' : `${convergence.firstDay ?? ''} to ${convergence.lastDay ?? ''}`
  return [evidence(`chart of ${days}`, convergence?.entries ?? [], { path: agentPath(target, 'baseline') })]
}

function daysOf({ firstDay, lastDay }: ConvergenceFacts): number {
  if (firstDay === undefined || lastDay === undefined) return 0
  return Math.round((Date.parse(lastDay) - Date.parse(firstDay)) / DAY_MS) + 1
}

function lastSpread(days: readonly ChartDay[]): number | undefined {
  return days.findLast(({ spread }) => spread !== undefined)?.spread
}

const DAY_MS = 86_400_000
