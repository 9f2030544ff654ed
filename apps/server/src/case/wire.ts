import type { CaseWire } from '@holdfast/api'
import {
  type Actor,
  type CaseDeed,
  type CaseState,
  type Cell,
  cellOf,
  type Check,
  entryChecks,
  exitChecks,
  type FactName,
  type Matrix,
  type StatedFact,
  typeOf,
} from '@holdfast/respond'
import { INCIDENT_TYPES } from '@holdfast/model'

type MatrixCell = CaseWire['matrix'][number]

type Shown = {
  readonly matrix: Matrix
  readonly incident: string
  readonly state: CaseState | undefined
  /** What the program sees now; it is recorded when a phase is opened or closed. */
  readonly seen: readonly Extract<CaseDeed, { readonly kind: 'fact' }>[]
  readonly refused: CaseWire['refused']
}

/** A case as the API shows it; an incident without one has the empty case. */
export function caseWire({ matrix, incident, state: recorded, seen, refused }: Shown): CaseWire {
  const state = recorded === undefined ? undefined : withFacts(recorded, seen)
  const type = state === undefined ? undefined : typeOf(state)
  return {
    incident,
    ...(state === undefined ? {} : { opened: String(state.graphAt) }),
    ...(type === undefined ? {} : { type }),
    types: (state?.types ?? []).map(({ type: named, confidence, reason, by, at, position }) => ({
      type: named,
      confidence,
      reason,
      by: nameOf(by),
      at: String(at),
      entry: position,
    })),
    seals: (state?.seals ?? []).map(({ size, rootHash, completeness, at }) => ({
      size,
      rootHash,
      completeness,
      at: String(at),
    })),
    matrix: INCIDENT_TYPES.flatMap((one) =>
      matrix[one].cells.map((cell) => ({ ...cellWire(cell), type: one, status: statusOf(state, one, cell.phase) })),
    ),
    phases: state === undefined || type === undefined ? [] : phasesOf(matrix, state, type),
    actions: [...(state?.actions.values() ?? [])].map(({ id, words, state: standing, settlement, isReversible }) => ({
      id,
      words,
      state: standing,
      settlement: settlement.kind,
      isReversible,
    })),
    procedures: type === undefined ? {} : { ...matrix[type].procedures },
    ...(state?.end === undefined
      ? {}
      : {
          end: {
            resolution: state.end.resolution,
            reason: state.end.reason,
            by: nameOf(state.end.by),
            at: String(state.end.at),
          },
        }),
    refused: [...refused],
  }
}

function phasesOf(matrix: Matrix, state: CaseState, type: NonNullable<CaseWire['type']>): CaseWire['phases'] {
  return matrix[type].cells.map((cell) => {
    const at = { matrix, state, type, phase: cell.phase }
    const done = cellOf(state, type, cell.phase)
    return {
      phase: cell.phase,
      status: statusOf(state, type, cell.phase),
      owner: cell.owner,
      action: cell.action,
      csf: [...cell.csf],
      enters: entryChecks(at).map(checkWire),
      leaves: exitChecks(at).map(checkWire),
      tasks: cell.tasks.map(({ id, team, says }) => {
        const task = done?.tasks.get(id)
        return {
          id,
          team,
          says,
          ...(task === undefined
            ? {}
            : { done: { by: nameOf(task.by), at: String(task.at), entries: [...task.proof.entries] } }),
        }
      }),
      evidence: cell.evidence.map(({ id, says }) => {
        const { entries = [], notExpected } = done?.evidence.get(id) ?? {}
        return { id, says, entries: [...entries], ...(notExpected === undefined ? {} : { notExpected }) }
      }),
    }
  })
}

/** What a cell asks for, whether it is worked or not. */
function cellWire({
  phase,
  owner,
  action,
  enters,
  leaves,
  evidence,
  tasks,
}: Cell): Omit<MatrixCell, 'type' | 'status'> {
  return {
    phase,
    owner,
    action,
    enters: enters.map(({ says }) => says),
    leaves: leaves.map(({ says }) => says),
    evidence: evidence.map(({ says }) => says),
    tasks: tasks.map(({ team, says }) => ({ team, says })),
  }
}

function statusOf(
  state: CaseState | undefined,
  type: NonNullable<CaseWire['type']>,
  phase: Cell['phase'],
): CaseWire['matrix'][number]['status'] {
  return (state === undefined ? undefined : cellOf(state, type, phase)?.status) ?? 'not-open'
}

function withFacts(state: CaseState, seen: Shown['seen']): CaseState {
  const facts = new Map<FactName, StatedFact>(state.facts)
  for (const { fact, value, proof } of seen)
    facts.set(fact, { value, proof, by: { kind: 'program' }, at: state.graphAt })
  return { ...state, facts }
}

function checkWire({ says, holds, found, entries }: Check): CaseWire['phases'][number]['leaves'][number] {
  return { says, holds, found, entries: [...entries] }
}

/** Who did it, for people. */
export function nameOf(actor: Actor): string {
  return actor.kind === 'person' ? actor.name : 'Holdfast'
}
