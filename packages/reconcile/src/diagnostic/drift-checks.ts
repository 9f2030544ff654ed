import { evidence, met, unmet, type Check } from './checks.ts'
import type { DiagnosticFacts, DriftFacts } from './facts.ts'
import { gapCheck } from './gap-check.ts'
import { DRIFT_DAYS } from './limits.ts'

/** Q4: thirty days divided into evolution and risky, each change with its three signals (REC-2). */
export function driftQuestion(facts: DiagnosticFacts): readonly Check[] {
  const { drift, target, gaps, gapsCut } = facts
  const own = driftCapability(facts)
  if (drift === undefined || drift.observedDays === 0) return own
  const { from, to } = drift
  return [...own, gapCheck('streams whole over the window', target, { gaps, gapsCut, from, to })]
}

/** C8: explained evolution on one side, risky drift on the other. */
export function driftCapability(facts: DiagnosticFacts): readonly Check[] {
  const { drift, target, convergence } = facts
  if (drift === undefined || drift.observedDays === 0)
    return [unmet(`${DRIFT_DAYS} days that were judged`, `nothing of ${target.name} was judged by ${target.at}`)]
  return [
    windowCheck(drift, convergence?.entries ?? []),
    sidesCheck(drift, convergence?.entries ?? []),
    explainedCheck(drift, convergence?.entries ?? []),
  ]
}

/** A window without a change rests on the observations themselves: that they were judged, and none stood out. */
function windowCheck({ observedDays, from, to, leftOut }: DriftFacts, seen: readonly number[]): Check {
  const what = `${DRIFT_DAYS} days that were judged`
  const shown = [evidence('observations of the window', seen)]
  if (leftOut > 0) return unmet(what, `${leftOut} changes are beyond what a report holds`, shown)
  const days = Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS)
  return days >= DRIFT_DAYS && observedDays > 0
    ? met(what, `${observedDays} days with traffic between ${from} and ${to}`, shown)
    : unmet(what, `the window has ${days} days`, shown)
}

function sidesCheck({ changes }: DriftFacts, seen: readonly number[]): Check {
  const what = 'every change on one of two sides, by three signals'
  const shown = evidence(
    'the changes',
    changes.flatMap(({ entries }) => entries),
  )
  const bare = changes.filter(({ entries }) => entries.length === 0)
  if (bare.length > 0) return unmet(what, `${bare.length} of ${changes.length} changes name no log entry`, [shown])
  if (changes.length === 0) return met(what, 'no change stood out', [evidence('observations of the window', seen)])
  const risky = changes.filter(({ side }) => side === 'risky').length
  return met(what, `${changes.length - risky} evolution, ${risky} risky`, [shown])
}

/** Nothing without an event is evolution (REC-3). */
function explainedCheck({ changes }: DriftFacts, seen: readonly number[]): Check {
  const what = 'evolution linked to what was deployed'
  const evolution = changes.filter(({ side }) => side === 'evolution')
  const links = evolution.flatMap(({ change }) => (change === undefined ? [] : [change.entry]))
  if (links.length < evolution.length)
    return unmet(what, `${evolution.length - links.length} of ${evolution.length} changes link no event`, [
      evidence('linked events', links),
    ])
  if (evolution.length === 0) return met(what, 'there is none', [evidence('observations of the window', seen)])
  return met(what, `all ${evolution.length}`, [evidence('linked events', links)])
}

const DAY_MS = 86_400_000
