import type { IncidentType, UnixNano } from '@holdfast/model'
import { INCIDENT_TYPES } from '@holdfast/model'

import type { Matrix } from '../runbook/parse-runbook.ts'
import { PHASES } from '../runbook/runbook.ts'
import { exitChecks } from './conditions.ts'
import type { CaseAction } from './events.ts'
import type { CaseState, CellState } from './state.ts'
import { cellKey, typeOf } from './state.ts'

/**
 * The case under another type: cells of the earlier one keep their work and are closed to more, and each action that was
 * taken for it is in question until it is reverted or justified.
 */
export function reclassified(state: CaseState, type: IncidentType): CaseState {
  const cells = new Map<string, CellState>(
    [...state.cells].map(([key, cell]) => [
      key,
      cell.status === 'superseded' || key.startsWith(`${type}/`) ? cell : { ...cell, status: 'superseded' },
    ]),
  )
  const actions = new Map(
    [...state.actions].map(([id, action]) => {
      const isOver = action.state === 'released' || action.state === 'failed'
      // Back under the type that it was taken for, it is in question no longer.
      if (action.takenAs === type && action.settlement.kind === 'unsettled')
        return [id, { ...action, settlement: { kind: 'not-asked' as const } }]
      if (isOver || action.takenAs === type || action.settlement.kind === 'justified') return [id, action]
      return [id, { ...action, settlement: { kind: 'unsettled' as const } }]
    }),
  )
  return { ...state, cells, actions }
}

/** The case with what the newest record says of an action. */
export function withAction(state: CaseState, action: CaseAction, at: UnixNano): CaseState {
  const before = state.actions.get(action.id)
  return {
    ...state,
    actions: new Map(state.actions).set(action.id, {
      ...action,
      takenAs: before === undefined ? typeOf(state) : before.takenAs,
      firstAt: before?.firstAt ?? at,
      settlement: before?.settlement ?? { kind: 'not-asked' },
    }),
  }
}

/**
 * Opens again what had closed and would not close now: a probe that gets through later undoes the exit of containment. Once
 * the phase after it is closed too it stays: recovery releases the hold that containment had to confirm.
 */
export function reopened(matrix: Matrix, state: CaseState): CaseState {
  const cells = new Map(state.cells)
  for (const type of INCIDENT_TYPES) {
    for (const [at, phase] of PHASES.entries()) {
      const cell = state.cells.get(cellKey(type, phase))
      const next = PHASES[at + 1]
      const isBehind = next !== undefined && cells.get(cellKey(type, next))?.status === 'closed'
      if (cell?.status !== 'closed' || isBehind) continue
      const holds = exitChecks({ matrix, state: { ...state, cells }, type, phase }).every((check) => check.holds)
      if (!holds) cells.set(cellKey(type, phase), { ...cell, status: 'reopened' })
    }
  }
  return { ...state, cells }
}
