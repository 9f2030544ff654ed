import type { CaseWire, IncidentRowWire } from '@holdfast/api'

/** The three types as people say them. */
export const TYPE_NAMES: Readonly<Record<IncidentRowWire['type'], string>> = {
  'runtime-execution-escape': 'Runtime execution escape',
  'privilege-boundary-escape': 'Privilege boundary escape',
  'reasoning-compromise': 'Reasoning compromise',
}

export const TRIAGE_BADGES: Readonly<Record<IncidentRowWire['triage'], string>> = {
  document: '',
  investigate: 'badge-warn',
  page: 'badge-bad',
}

/** How sure the type is, from 0 to 1 as everywhere that it is told: never a figure alone. */
export function confidenceWords(confidence: number): string {
  return `confidence ${confidence.toFixed(2)}`
}

export const STANDINGS: Readonly<Record<IncidentRowWire['standing'], string>> = {
  provisional: 'what is missing could change the type',
  stated: 'nothing that is missing would change the type',
  revised: 'an earlier record gave it another type',
}

/** How a case ended, in a list. */
export const CLOSED_WORDS: Readonly<Record<NonNullable<IncidentRowWire['closed']>, string>> = {
  resolved: 'closed',
  'false-positive': 'false alarm',
}

type CellStatus = CaseWire['matrix'][number]['status']

/** How a cell of the runbook stands: told by its sign and its words, and never by its colour alone. */
export const CELL_SIGNS: Readonly<Record<CellStatus, { readonly sign: string; readonly text: string }>> = {
  'not-open': { sign: '·', text: 'not open' },
  open: { sign: '◐', text: 'open' },
  closed: { sign: '✓', text: 'closed' },
  reopened: { sign: '↻', text: 'open again' },
  superseded: { sign: '–', text: 'left for another type' },
}
