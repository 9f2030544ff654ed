import type { IncidentType } from '@holdfast/model'

import type { FactName, FactValue } from '../runbook/facts.ts'
import type { Matrix } from '../runbook/parse-runbook.ts'
import type { Cell, Condition, Phase, Team } from '../runbook/runbook.ts'
import type { CaseState } from './state.ts'
import { cellOf, typeOf, unsettledActions } from './state.ts'

/** One thing that was checked: what must hold, whether it does, and what it was checked by. */
export type Check = {
  readonly says: string
  readonly holds: boolean
  /** What was found, in words. */
  readonly found: string
  /** Log entries that show it. */
  readonly entries: readonly number[]
}

/** Where a check is made: the case, and the cell that it is about. */
export type CheckedCell = {
  readonly matrix: Matrix
  readonly state: CaseState
  readonly type: IncidentType
  readonly phase: Phase
}

export function runbookCell({ matrix, type, phase }: Omit<CheckedCell, 'state'>): Cell {
  const cell = matrix[type].cells.find((each) => each.phase === phase)
  if (cell === undefined) throw new Error(`the runbook of ${type} has no phase ${phase}`)
  return cell
}

/** Whether the cell may be opened, condition by condition. */
export function entryChecks(at: CheckedCell): readonly Check[] {
  return runbookCell(at).enters.map((condition) => checkOf(condition, at))
}

/** Whether the cell may be closed: its conditions, its tasks team by team, and its evidence under a seal. */
export function exitChecks(at: CheckedCell): readonly Check[] {
  const cell = runbookCell(at)
  const done = cellOf(at.state, at.type, at.phase)
  const sealedSize = Math.max(0, ...at.state.seals.map(({ size }) => size))
  const tasks = cell.tasks.map(({ id, team, says }): Check => {
    const task = done?.tasks.get(id)
    return {
      says: `${team}: ${says}`,
      holds: task !== undefined,
      found: task === undefined ? 'open' : 'done',
      entries: task?.proof.entries ?? [],
    }
  })
  const evidence = cell.evidence.map(({ id, says }): Check => {
    const proof = done?.evidence.get(id)
    const isSealed = proof !== undefined && proof.entries.every((entry) => entry < sealedSize)
    const found = isSealed ? 'sealed' : 'attached after the last seal: seal again'
    return {
      says: `sealed evidence: ${says}`,
      holds: isSealed,
      found:
        proof === undefined
          ? 'not attached'
          : proof.notExpected === undefined
            ? found
            : `not expected: ${proof.notExpected}`,
      entries: proof?.entries ?? [],
    }
  })
  const settled = checkOf({ says: 'actions of an earlier type are settled', fact: 'unsettled-actions', is: 0 }, at)
  // Actions under a wrong type are a matter of containment; the other phases go on meanwhile.
  const own = at.phase === 'contain' ? [settled] : []
  return [...cell.leaves.map((condition) => checkOf(condition, at)), ...tasks, ...evidence, ...own]
}

/** Evaluates one condition. A fact that nobody stated holds nothing: absent is not zero (FC5). */
export function checkOf(condition: Condition, at: CheckedCell): Check {
  const { says, fact } = condition
  const stated = at.state.facts.get(fact)
  const value = caseFact(fact, at) ?? stated?.value
  const entries = stated?.proof.entries ?? []
  if (value === undefined) return { says, holds: false, found: `${fact} is not known`, entries }
  return { says, holds: isMet(condition, value), found: `${fact} is ${String(value)}`, entries }
}

function isMet(condition: Condition, value: FactValue): boolean {
  if (condition.is !== undefined) return value === condition.is
  const oneOf = condition['one-of']
  if (oneOf !== undefined) return typeof value === 'string' && oneOf.includes(value)
  if (typeof value !== 'number') return false
  const least = condition['at-least']
  if (least !== undefined) return value >= least
  const most = condition['at-most']
  return most !== undefined && value <= most
}

/** Facts that follow from the case itself; undefined for those that somebody states. */
function caseFact(fact: FactName, at: CheckedCell): FactValue | undefined {
  return CASE_FACTS.get(fact)?.(at)
}

const CASE_FACTS = new Map<FactName, (at: CheckedCell) => FactValue>([
  ['type-named', ({ state }) => typeOf(state) !== undefined],
  ['artifacts-sealed', ({ state }) => state.seals.length > 0],
  ['rung-confirmed', ({ state }) => isRungConfirmed(state)],
  ['unsettled-actions', ({ state }) => unsettledActions(state).length],
  ['detect-closed', (at) => isClosed(at, 'detect')],
  ['contain-closed', (at) => isClosed(at, 'contain')],
  ['eradicate-closed', (at) => isClosed(at, 'eradicate')],
  ['recover-closed', (at) => isClosed(at, 'recover')],
  ['open-tasks-security', (at) => openTasks(at, 'security')],
  ['open-tasks-platform', (at) => openTasks(at, 'platform')],
  ['open-tasks-ai-engineering', (at) => openTasks(at, 'ai-engineering')],
])

function isClosed({ state, type }: CheckedCell, phase: Phase): boolean {
  return cellOf(state, type, phase)?.status === 'closed'
}

function isRungConfirmed(state: CaseState): boolean {
  return [...state.actions.values()].some((action) => action.rung !== undefined && action.state === 'confirmed')
}

function openTasks(at: CheckedCell, team: Team): number {
  const done = cellOf(at.state, at.type, at.phase)
  return runbookCell(at).tasks.filter((task) => task.team === team && done?.tasks.has(task.id) !== true).length
}
