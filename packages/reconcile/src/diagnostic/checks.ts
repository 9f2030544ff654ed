import type { CapabilityVerdict, QuestionVerdict } from '@holdfast/model'
import { EVIDENCE_ENTRIES } from './limits.ts'

/** Where something can be looked up again. */
export type Evidence = {
  /** In words. May hold untrusted text. */
  readonly what: string
  /** Log positions, a bounded part of them; `count` says how many there are. */
  readonly entries: readonly number[]
  readonly count: number
  readonly events?: readonly string[]
  /** Page of the workspace, with its instant. */
  readonly path?: string
}

/** One thing that has to be shown, and what was found of it. */
export type Check = {
  /** What has to be shown. */
  readonly what: string
  /** `constrained`: the platform that hosts the agent gives no means to have it. */
  readonly outcome: 'met' | 'unmet' | 'constrained'
  /** What was found, or why nothing was. May hold untrusted text. */
  readonly reason: string
  readonly evidence: readonly Evidence[]
}

/** Evidence with as many positions as are shown. */
export function evidence(
  what: string,
  entries: readonly number[],
  more: { readonly path?: string | undefined; readonly events?: readonly string[] } = {},
): Evidence {
  const distinct = [...new Set(entries)].toSorted((a, b) => a - b)
  return {
    what,
    entries: distinct.slice(0, EVIDENCE_ENTRIES),
    count: distinct.length,
    ...(more.path === undefined ? {} : { path: more.path }),
    ...(more.events === undefined ? {} : { events: more.events }),
  }
}

/** Met by evidence alone: without a log position that shows it, a check fails (REC-12). */
export function met(what: string, reason: string, shown: readonly Evidence[]): Check {
  return hasEntry(shown)
    ? { what, outcome: 'met', reason, evidence: shown }
    : unmet(what, `${reason}, and no log entry shows it`, shown)
}

export function unmet(what: string, reason: string, shown: readonly Evidence[] = []): Check {
  return { what, outcome: 'unmet', reason, evidence: shown }
}

export function constrained(what: string, reason: string, shown: readonly Evidence[] = []): Check {
  return { what, outcome: 'constrained', reason, evidence: shown }
}

/** What is met without a log position, such as that no gap was found, carries no verdict by itself. */
export function capabilityVerdict(checks: readonly Check[]): CapabilityVerdict {
  const isShown = checks.some(({ outcome, evidence: shown }) => outcome === 'met' && hasEntry(shown))
  if (checks.some(({ outcome }) => outcome === 'unmet')) return isShown ? 'partial' : 'missing'
  if (checks.some(({ outcome }) => outcome === 'constrained')) return 'constrained'
  return isShown ? 'covered' : 'missing'
}

export function questionVerdict(checks: readonly Check[]): QuestionVerdict {
  return ANSWER[capabilityVerdict(checks)]
}

function hasEntry(shown: readonly Evidence[]): boolean {
  return shown.some(({ entries }) => entries.length > 0)
}

const ANSWER: Readonly<Record<CapabilityVerdict, QuestionVerdict>> = {
  covered: 'yes',
  partial: 'partly',
  missing: 'no',
  constrained: 'constrained',
}
