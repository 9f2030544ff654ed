import type { IncidentType } from '@holdfast/model'
import { INCIDENT_TYPES } from '@holdfast/model'

import { MAX_CASE_STEPS } from '../limits.ts'
import { FACTS, isFactName, misfitOf } from '../runbook/facts.ts'
import type { FactSource } from '../runbook/facts.ts'
import type { Matrix } from '../runbook/parse-runbook.ts'
import type { Phase } from '../runbook/runbook.ts'
import { PHASES } from '../runbook/runbook.ts'
import type { Check } from './conditions.ts'
import { entryChecks, exitChecks, runbookCell } from './conditions.ts'
import type { CaseEvent, Contamination, Proof } from './events.ts'
import { restoreObstacle } from './restore.ts'
import type { CaseState, CellState } from './state.ts'
import { cellKey, cellOf, typeOf, unsettledActions } from './state.ts'
import { reclassified, reopened, withAction } from './turns.ts'

/** What became of one step. A refused one changes nothing and says why. */
export type StepResult =
  | { readonly status: 'accepted'; readonly state: CaseState }
  | { readonly status: 'refused'; readonly reason: string; readonly checks?: readonly Check[] }

/**
 * Takes one step of a case, or refuses it. The same function decides before a step is recorded and when the record is read
 * again, so that a log gives the same case whoever reads it.
 */
export function step(matrix: Matrix, state: CaseState | undefined, event: CaseEvent): StepResult {
  if (state === undefined) return event.kind === 'opened' ? accepted(opened(event)) : refused('the case is not open')
  if (state.end !== undefined) return refused(`the case was closed as ${state.end.resolution}`)
  const unknown = unknownName(event)
  if (unknown !== undefined) return refused(unknown)
  switch (event.kind) {
    case 'opened':
      return refused('the case is open already')
    case 'classified':
      return classify(state, event)
    case 'sealed':
      return accepted({ ...state, seals: [...state.seals, { ...event.seal, at: event.at }] })
    case 'fact':
      return stateFact(matrix, state, event)
    case 'phase-opened':
      return openPhase(matrix, state, event)
    case 'task-done':
      return finishTask(matrix, state, event)
    case 'evidence':
      return attach(matrix, state, event)
    case 'phase-closed':
      return closePhase(matrix, state, event)
    case 'action':
      return accepted(reopened(matrix, withAction(state, event.action, event.at)))
    case 'action-settled':
      return settleAction(state, event)
    case 'contaminated':
      return accepted({ ...state, contaminations: withMark(state.contaminations, event.contamination) })
    case 'restored': {
      const obstacle = restoreObstacle(event.baseline, state.contaminations)
      if (obstacle !== undefined) return refused(obstacle)
      return accepted({ ...state, restored: [...state.restored, event.baseline] })
    }
    case 'closed':
      return close(matrix, state, event)
  }
}

/** A case as its records tell it, with what of them was refused; undefined where it was never opened. */
export function caseOf(
  matrix: Matrix,
  events: readonly CaseEvent[],
): { readonly state: CaseState | undefined; readonly refused: readonly { position: number; reason: string }[] } {
  let state: CaseState | undefined
  const refusals: { position: number; reason: string }[] = []
  for (const event of events.toSorted((a, b) => a.position - b.position).slice(0, MAX_CASE_STEPS)) {
    const result = step(matrix, state, event)
    if (result.status === 'accepted') state = result.state
    else refusals.push({ position: event.position, reason: result.reason })
  }
  const beyond = events.length - MAX_CASE_STEPS
  if (beyond > 0) refusals.push({ position: -1, reason: `${beyond} steps past the bound of a case were not read` })
  return { state, refused: refusals }
}

/** A mark from the same time on takes the place of the one before: that it ended is told so. */
function withMark(marks: CaseState['contaminations'], mark: Contamination): CaseState['contaminations'] {
  return [...marks.filter(({ profile, since }) => profile !== mark.profile || since !== mark.since), mark]
}

type Of<Kind extends CaseEvent['kind']> = Extract<CaseEvent, { readonly kind: Kind }>

function opened({ incident, graphAt }: Of<'opened'>): CaseState {
  return {
    incident,
    graphAt,
    types: [],
    seals: [],
    facts: new Map(),
    cells: new Map(),
    actions: new Map(),
    contaminations: [],
    restored: [],
  }
}

function classify(state: CaseState, { type, confidence, reason, by, at, position }: Of<'classified'>): StepResult {
  if (reason.trim() === '') return refused('a type is named with its reason')
  const before = typeOf(state)
  if (before === type && by.kind === 'program') return refused(`the type is ${type} already`)
  const types = [...state.types, { type, confidence, reason, by, at, position }]
  return accepted(
    before === undefined || before === type ? { ...state, types } : reclassified({ ...state, types }, type),
  )
}

/** A step that another version recorded may name what this one does not know: it is refused like any other wrong step. */
function unknownName(event: CaseEvent): string | undefined {
  if ('type' in event && !INCIDENT_TYPES.includes(event.type)) return `type ${String(event.type)} is not known`
  if ('phase' in event && !PHASES.includes(event.phase)) return `phase ${String(event.phase)} is not known`
  if (event.kind === 'fact' && !isFactName(event.fact)) return `fact ${String(event.fact)} is not known`
  return undefined
}

function stateFact(matrix: Matrix, state: CaseState, { fact, value, proof, by, at }: Of<'fact'>): StepResult {
  const misfit = misfitOf(fact, value)
  if (misfit !== undefined) return refused(misfit)
  const from: FactSource = FACTS[fact].from
  if (from === 'case') return refused(`${fact} follows from the case and is not stated`)
  if (from !== 'either' && from !== by.kind) {
    return refused(from === 'program' ? `${fact} is checked by the program` : `${fact} is for a person to say`)
  }
  const facts = new Map(state.facts).set(fact, { value, proof, by, at })
  return accepted(reopened(matrix, { ...state, facts }))
}

/** Why nothing can be done in this cell; undefined where something can. */
function wrongCell(state: CaseState, type: IncidentType): string | undefined {
  const named = typeOf(state)
  if (named === undefined) return 'no type is named: classify the incident first'
  return named === type ? undefined : `the incident is a ${named}: the cells of ${type} are closed to it`
}

function openPhase(matrix: Matrix, state: CaseState, { type, phase, at }: Of<'phase-opened'>): StepResult {
  const wrong = wrongCell(state, type)
  if (wrong !== undefined) return refused(wrong)
  const before = cellOf(state, type, phase)
  if (before !== undefined && before.status !== 'superseded')
    return refused(`phase ${phase} is ${before.status} already`)
  const failing = entryChecks({ matrix, state, type, phase }).filter(({ holds }) => !holds)
  if (failing.length > 0) return unmet(`phase ${phase} may not be opened yet`, failing)
  // A type that the incident had before finds its work again.
  const { closedAt: _, ...kept } = before ?? { openedAt: at, tasks: new Map(), evidence: new Map() }
  return accepted(withCell(state, { type, phase, cell: { ...kept, status: 'open' } }))
}

function finishTask(matrix: Matrix, state: CaseState, event: Of<'task-done'>): StepResult {
  const { type, phase, task, team, proof, by, at } = event
  const cell = openCell(state, type, phase)
  if (typeof cell === 'string') return refused(cell)
  const known = runbookCell({ matrix, type, phase }).tasks.find(({ id }) => id === task)
  if (known === undefined) return refused(`phase ${phase} has no task ${task}`)
  if (known.team !== team) return refused(`task ${task} is for ${known.team}, not for ${team}`)
  if (!isProof(proof)) return refused(`task ${task} is done with its evidence: name log entries or a digest`)
  const tasks = new Map(cell.tasks).set(task, { by, proof, at })
  return accepted(withCell(state, { type, phase, cell: { ...cell, tasks } }))
}

function attach(matrix: Matrix, state: CaseState, { type, phase, evidence, proof, by }: Of<'evidence'>): StepResult {
  const cell = openCell(state, type, phase)
  if (typeof cell === 'string') return refused(cell)
  const asked = runbookCell({ matrix, type, phase }).evidence.find(({ id }) => id === evidence)
  if (asked === undefined) return refused(`phase ${phase} asks for no evidence ${evidence}`)
  const attached = new Map(cell.evidence).set(evidence, proof)
  if (proof.notExpected !== undefined) {
    if (asked.artifact === undefined) return refused(`evidence ${evidence} is always expected`)
    if (by.kind !== 'person' || proof.notExpected.trim() === '' || isProof(proof))
      return refused(`that no ${evidence} was expected is a person's word, with a reason and without entries`)
    return accepted(withCell(state, { type, phase, cell: { ...cell, evidence: attached } }))
  }
  // A digest alone says what something was, not that the log holds it: a seal covers entries.
  if (proof.entries.length === 0) return refused(`evidence ${evidence} names no log entry, so that no seal covers it`)
  return accepted(withCell(state, { type, phase, cell: { ...cell, evidence: attached } }))
}

function closePhase(matrix: Matrix, state: CaseState, { type, phase, at }: Of<'phase-closed'>): StepResult {
  const cell = openCell(state, type, phase)
  if (typeof cell === 'string') return refused(cell)
  const failing = exitChecks({ matrix, state, type, phase }).filter(({ holds }) => !holds)
  if (failing.length > 0) return unmet(`phase ${phase} may not be closed yet`, failing)
  return accepted(withCell(state, { type, phase, cell: { ...cell, status: 'closed', closedAt: at } }))
}

function settleAction(state: CaseState, { action, how, reason, by }: Of<'action-settled'>): StepResult {
  const taken = state.actions.get(action)
  if (taken === undefined) return refused(`there is no action ${action}`)
  if (taken.settlement.kind !== 'unsettled') return refused(`action ${action} is not in question`)
  if (reason.trim() === '') return refused(`action ${action} is settled with its reason`)
  if (how === 'justified' && by.kind !== 'person') return refused('only a person justifies an action')
  if (how === 'reverted' && !taken.isReversible) return refused(`action ${action} cannot be undone: justify it`)
  if (how === 'reverted' && taken.state !== 'released')
    return refused(`action ${action} is still in effect: release it`)
  const settled = { ...taken, settlement: { kind: how, reason, by } }
  return accepted({ ...state, actions: new Map(state.actions).set(action, settled) })
}

function close(
  matrix: Matrix,
  state: CaseState,
  { resolution, reason, changedThreshold, by, at }: Of<'closed'>,
): StepResult {
  if (by.kind !== 'person') return refused('a person closes a case')
  if (reason.trim() === '') return refused('a case is closed with its reason')
  const unsettled = unsettledActions(state).map(({ id }) => id)
  if (unsettled.length > 0)
    return refused(`actions of an earlier type are neither reverted nor justified: ${unsettled.join(', ')}`)
  const failing = resolution === 'resolved' ? openCells(matrix, state) : standingActions(state)
  if (typeof failing === 'string') return refused(failing)
  return accepted({ ...state, end: { resolution, reason, changedThreshold: changedThreshold === true, by, at } })
}

/** Which phases stand open, in words; for what is open in eradication, whose list it is. */
function openCells(matrix: Matrix, state: CaseState): string | undefined {
  const type = typeOf(state)
  if (type === undefined) return 'no type is named: classify the incident first'
  const open = matrix[type].cells.filter(({ phase }) => cellOf(state, type, phase)?.status !== 'closed')
  if (open.length === 0) return undefined
  return open
    .map(({ phase, tasks }) => {
      const done = cellOf(state, type, phase)?.tasks
      const teams = new Set(tasks.filter(({ id }) => done?.has(id) !== true).map(({ team }) => team))
      return `phase ${phase} is not closed${teams.size === 0 ? '' : ` (tasks of ${[...teams].join(', ')})`}`
    })
    .join('; ')
}

function standingActions(state: CaseState): string | undefined {
  const standing = [...state.actions.values()].filter((each) => each.state === 'applied' || each.state === 'confirmed')
  if (standing.length === 0) return undefined
  return `nothing was wrong, and this is still in effect: ${standing.map(({ id }) => id).join(', ')}`
}

/** The cell, if work can be recorded in it; else why not. */
function openCell(state: CaseState, type: IncidentType, phase: Phase): CellState | string {
  const wrong = wrongCell(state, type)
  if (wrong !== undefined) return wrong
  const cell = cellOf(state, type, phase)
  if (cell === undefined || cell.status === 'superseded') return `phase ${phase} is not open`
  return cell.status === 'closed' ? `phase ${phase} is closed` : cell
}

function withCell(
  state: CaseState,
  { type, phase, cell }: { type: IncidentType; phase: Phase; cell: CellState },
): CaseState {
  return { ...state, cells: new Map(state.cells).set(cellKey(type, phase), cell) }
}

function isProof({ entries, digest }: Proof): boolean {
  return entries.length > 0 || digest !== undefined
}

function unmet(what: string, checks: readonly Check[]): StepResult {
  const words = checks.map(({ says, found }) => `${says} (${found})`).join('; ')
  return { status: 'refused', reason: `${what}: ${words}`, checks }
}

function accepted(state: CaseState): StepResult {
  return { status: 'accepted', state }
}

function refused(reason: string): StepResult {
  return { status: 'refused', reason }
}
