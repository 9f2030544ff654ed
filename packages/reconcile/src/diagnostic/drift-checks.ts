import { counted } from '@holdfast/model'
import { evidence, met, unmet, type Check } from './checks.ts'
import type { DiagnosticFacts, DriftFacts } from './facts.ts'
import { gapCheck } from './gap-check.ts'
import { DRIFT_DAYS, NAMES_SHOWN } from './limits.ts'
import { agentPath } from './paths.ts'

/** Q4: thirty days divided into evolution and risky, each change with its three signals (REC-2). */
export function driftQuestion(facts: DiagnosticFacts): readonly Check[] {
  const { drift, target, gaps, gapsCut } = facts
  const own = driftCapability(facts)
  if (drift?.judgedFrom === undefined) return own
  const { from, to } = drift
  return [...own, gapCheck('streams whole over the window', target, { gaps, gapsCut, from, to })]
}

/** C8: explained evolution on one side, risky drift on the other. */
export function driftCapability(facts: DiagnosticFacts): readonly Check[] {
  const { drift, target, convergence } = facts
  const what = `${DRIFT_DAYS} days that were judged`
  if (drift === undefined) return [unmet(what, `nothing of ${target.name} was heard by ${target.at}`)]
  const seen = evidence('observations that were judged', convergence?.entries ?? [], {
    path: agentPath(target, 'drift'),
  })
  if (drift.judgedFrom === undefined)
    return [unmet(what, `a profile of ${counted(drift.profileDays, 'day')} is too young to judge by`, [seen])]
  const shown: Shown = { seen, path: agentPath(target, 'drift') }
  return [windowCheck(drift, shown), silenceCheck(drift), sidesCheck(drift, shown), explainedCheck(drift, shown)]
}

/** `seen`: what was judged where no change stood out: that nothing did rests on the observations themselves. */
type Shown = { readonly seen: Check['evidence'][number]; readonly path: string }

function windowCheck({ from, to, judgedFrom = '', executions, leftOut }: DriftFacts, { seen }: Shown): Check {
  const what = `${DRIFT_DAYS} days that were judged`
  if (leftOut > 0)
    return unmet(
      what,
      `${counted(leftOut, 'execution or change is', 'executions and changes are')} beyond what a report holds`,
      [seen],
    )
  if (Date.parse(judgedFrom) > Date.parse(from))
    return unmet(what, `judged since ${judgedFrom}; before it the profile was made`, [seen])
  return met(what, `${from} to ${to}, ${counted(executions, 'execution')} in all`, [seen])
}

/** A silent stream is a gap, and never a quiet day (REG-6). */
function silenceCheck({ silent }: DriftFacts): Check {
  const what = 'no day without a word'
  if (silent.length === 0)
    return { what, outcome: 'met', reason: 'no stream that speaks every day was silent', evidence: [] }
  const more = silent.length > NAMES_SHOWN ? ` and ${silent.length - NAMES_SHOWN} more` : ''
  return unmet(what, `a stream that speaks every day was silent on ${silent.slice(0, NAMES_SHOWN).join(', ')}${more}`)
}

function sidesCheck({ changes }: DriftFacts, { seen, path }: Shown): Check {
  const what = 'every change on one of two sides, by three signals'
  const shown = evidence(
    'the changes',
    changes.flatMap(({ entries }) => entries),
    { path },
  )
  const bare = changes.filter(({ entries }) => entries.length === 0)
  if (bare.length > 0)
    return unmet(what, `${bare.length} of ${counted(changes.length, 'change')} without a log entry`, [shown])
  if (changes.length === 0) return met(what, 'no change stood out', [seen])
  const risky = changes.filter(({ side }) => side === 'risky').length
  return met(what, `${changes.length - risky} evolution, ${risky} risky`, [shown])
}

/** Nothing without an event, or the recorded word of a person, is evolution (REC-3). */
function explainedCheck({ changes }: DriftFacts, { seen, path }: Shown): Check {
  const what = 'evolution linked to what explains it'
  const evolution = changes.filter(({ side }) => side === 'evolution')
  const links = evolution.flatMap(({ explainedBy }) => explainedBy ?? [])
  const shown = evidence('linked events', links, { path })
  if (links.length < evolution.length)
    return unmet(
      what,
      `${evolution.length - links.length} of ${counted(evolution.length, 'change')} without a linked event`,
      [shown],
    )
  return evolution.length === 0 ? met(what, 'there is none', [seen]) : met(what, `all ${evolution.length}`, [shown])
}
