import type { CaseDeedWire, IncidentWire } from '@holdfast/api'
import {
  type CaseDeed,
  type CaseState,
  cellOf,
  FACTS,
  isFactName,
  type Matrix,
  misfitOf,
  type Phase,
  type Proof,
  typeOf,
} from '@holdfast/respond'
import { HttpError } from '../http/problem.ts'

/** What a step is read against. */
export type DeedPlace = {
  readonly matrix: Matrix
  readonly incident: IncidentWire
  /** Undefined where no case is open. */
  readonly state: CaseState | undefined
  /** Entries in the log. */
  readonly size: number
}

type StatedDeed = Exclude<CaseDeedWire, { readonly do: 'open' | 'seal' }>

/** A step as the response knows it. Throws 400 for what no runbook knows and 409 where no type is accepted. */
export function deedOf(deed: StatedDeed, at: DeedPlace): CaseDeed {
  switch (deed.do) {
    case 'classify': {
      const { confidence = 0 } = at.incident.columns.find(({ type }) => type === deed.type) ?? {}
      return { kind: 'classified', type: deed.type, confidence, reason: deed.reason }
    }
    case 'state':
      return { kind: 'fact', ...factOf(deed), proof: proofOf(deed, at) }
    case 'open-phase':
      return { kind: 'phase-opened', type: typeIn(at), phase: deed.phase }
    case 'close-phase':
      return { kind: 'phase-closed', type: typeIn(at), phase: deed.phase }
    case 'finish-task':
      return { kind: 'task-done', ...placeOf('tasks', deed.task, at), task: deed.task, proof: proofOf(deed, at) }
    case 'attach': {
      const { type, phase } = placeOf('evidence', deed.evidence, at)
      return {
        kind: 'evidence',
        type,
        phase,
        evidence: deed.evidence,
        proof: { ...proofOf(deed, at), ...noneOf(deed) },
      }
    }
    case 'settle':
      return { kind: 'action-settled', action: deed.action, how: deed.how, reason: deed.reason }
    case 'close':
      return { kind: 'closed', resolution: deed.resolution, reason: deed.reason }
  }
}

/** The type that was accepted. Throws 409 where none was. */
export function typeIn({ state }: Pick<DeedPlace, 'state'>): IncidentWire['type'] {
  if (state === undefined) throw new HttpError(409, 'the case is not open: open it first')
  const type = typeOf(state)
  // DET-5: no runbook before exactly one type is accepted.
  if (type === undefined) throw new HttpError(409, 'no type is accepted: classify the incident first')
  return type
}

/** The open phase of the runbook that has a task or a piece of evidence of this name, else the first that has. */
function placeOf(list: 'tasks' | 'evidence', id: string, at: DeedPlace) {
  const type = typeIn(at)
  const cells = at.matrix[type].cells.filter((cell) => cell[list].some((one) => one.id === id))
  const cell = cells.find(({ phase }) => isOpen(at.state, type, phase)) ?? cells[0]
  if (cell === undefined) {
    const names = at.matrix[type].cells.flatMap((one) => one[list].map((item) => item.id))
    throw new HttpError(400, `the runbook of ${type} has no "${id}" among its ${list}: ${names.join(', ')}`)
  }
  // Evidence has no team; a task's is the runbook's word.
  const team = cell.tasks.find((task) => task.id === id)?.team ?? cell.owner
  return { type, phase: cell.phase, team }
}

function factOf({ fact, value }: Extract<CaseDeedWire, { readonly do: 'state' }>) {
  if (!isFactName(fact)) {
    const names = Object.entries(FACTS).flatMap(([name, { from }]) =>
      from === 'person' || from === 'either' ? [name] : [],
    )
    throw new HttpError(400, `no runbook knows a fact "${fact}"; a person can state ${names.join(', ')}`)
  }
  const misfit = misfitOf(fact, value)
  if (misfit !== undefined) throw new HttpError(400, misfit)
  return { fact, value }
}

/** What is not in the log proves nothing. */
function proofOf(
  { entries, digest }: { readonly entries: readonly number[]; readonly digest?: string | undefined },
  { size }: DeedPlace,
): Proof {
  const beyond = entries.find((entry) => entry >= size)
  if (beyond !== undefined) throw new HttpError(400, `there is no log entry ${beyond}: the log ends at ${size - 1}`)
  return { entries, ...(digest === undefined ? {} : { digest }) }
}

function noneOf({ notExpected, reason }: Extract<CaseDeedWire, { readonly do: 'attach' }>) {
  if (notExpected === undefined) return {}
  if (reason === undefined) throw new HttpError(400, 'say why nothing was expected: it is recorded')
  return { notExpected: reason }
}

function isOpen(state: CaseState | undefined, type: IncidentWire['type'], phase: Phase): boolean {
  const status = state === undefined ? undefined : cellOf(state, type, phase)?.status
  return status === 'open' || status === 'reopened'
}
