import { LIFECYCLE_PHASES, type LifecyclePhase, type Score, type ScorecardDecision } from '@holdfast/model'
import { SCORECARD_DEFAULTS } from './scorecard-defaults.ts'

/** How far one category of tools, or one tool of the user's own, serves one phase. */
export type ScoreCell = {
  readonly phase: LifecyclePhase
  readonly score: Score
  readonly reason: string
  /** Absent where it is as it ships. */
  readonly changed?: ScoreChange
}

export type ScoreChange = { readonly by: string; readonly at: string; readonly entry: number }

export type ScoreRow = {
  readonly id: string
  /** Untrusted where somebody added it. */
  readonly name: string
  /** What kind of tool it is, in words; empty for a row that somebody added. */
  readonly tells: string
  readonly added?: ScoreChange
  readonly cells: readonly ScoreCell[]
}

/** A decision as it stands in the log. */
export type ScorecardEntry = {
  readonly decision: ScorecardDecision
  readonly reason: string
  readonly by: string
  readonly at: string
  readonly entry: number
}

/** Why a decision cannot be taken; undefined where it can. */
export function scorecardFault(rows: readonly ScoreRow[], decision: ScorecardDecision): string | undefined {
  const known = rows.some(({ id }) => id === decision.row)
  switch (decision.do) {
    case 'added':
      return known ? `there is a row "${decision.row}" already` : undefined
    case 'scored':
    case 'removed':
      return known ? undefined : `no row "${decision.row}": there are ${rows.map(({ id }) => id).join(', ')}`
  }
}

/** The scorecard as the decisions leave it, in log order; what cannot be decided changes nothing. */
export function scorecardOf(entries: readonly ScorecardEntry[]): readonly ScoreRow[] {
  return entries.reduce<readonly ScoreRow[]>(decided, SCORECARD_DEFAULTS)
}

function decided(rows: readonly ScoreRow[], { decision, reason, by, at, entry }: ScorecardEntry): readonly ScoreRow[] {
  if (scorecardFault(rows, decision) !== undefined) return rows
  const change: ScoreChange = { by, at, entry }
  switch (decision.do) {
    case 'added':
      return [...rows, addedRow(decision.row, decision.name, reason, change)]
    case 'removed':
      return rows.filter(({ id }) => id !== decision.row)
    case 'scored':
      return rows.map((row) =>
        row.id === decision.row ? { ...row, cells: scored(row.cells, decision, reason, change) } : row,
      )
  }
}

/** Nothing is credited to a tool before somebody says why. */
function addedRow(id: string, name: string, reason: string, change: ScoreChange): ScoreRow {
  const cells = LIFECYCLE_PHASES.map((phase): ScoreCell => ({ phase, score: 'None', reason, changed: change }))
  return { id, name, tells: '', added: change, cells }
}

function scored(
  cells: readonly ScoreCell[],
  { phase, score }: { readonly phase: LifecyclePhase; readonly score: Score },
  reason: string,
  change: ScoreChange,
): readonly ScoreCell[] {
  return cells.map((cell) => (cell.phase === phase ? { phase, score, reason, changed: change } : cell))
}
