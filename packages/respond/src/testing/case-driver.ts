import { readFileSync } from 'node:fs'

import type { IncidentType, UnixNano } from '@holdfast/model'
import { INCIDENT_TYPES } from '@holdfast/model'

import { caseOf, step } from '../case/step.ts'
import type { StepResult } from '../case/step.ts'
import type { Actor, CaseAction, CaseDeed, CaseEvent } from '../case/events.ts'
import type { CaseState } from '../case/state.ts'
import { cellOf } from '../case/state.ts'
import type { FactDefinition, FactValue } from '../runbook/facts.ts'
import { FACTS } from '../runbook/facts.ts'
import { matrixOf, parseRunbook } from '../runbook/parse-runbook.ts'
import type { Matrix } from '../runbook/parse-runbook.ts'
import type { Condition, Phase } from '../runbook/runbook.ts'

export const ANNA: Actor = { kind: 'person', name: 'anna' }
export const PROGRAM: Actor = { kind: 'program' }

export function runbookText(type: IncidentType): string {
  return readFileSync(new URL(`../../../../runbooks/${type}.yaml`, import.meta.url), 'utf8')
}

/** The runbooks that ship. */
export function shippedMatrix(): Matrix {
  return matrixOf(
    INCIDENT_TYPES.map((type) => {
      const parsed = parseRunbook(runbookText(type), `${type}.yaml`)
      if (parsed.status === 'refused') throw new Error(parsed.problems.map(({ message }) => message).join('\n'))
      return parsed.value
    }),
  )
}

export function isCaseFact(condition: Condition): boolean {
  const definition: FactDefinition = FACTS[condition.fact]
  return definition.from === 'case'
}

/** A value with which the condition holds, and one with which it does not; some hold as soon as anybody answers. */
export function valuesFor(condition: Condition): { readonly good: FactValue; readonly bad?: FactValue } {
  const definition: FactDefinition = FACTS[condition.fact]
  switch (definition.kind) {
    case 'yes-no':
      return { good: condition.is === true, bad: condition.is !== true }
    case 'count': {
      const good = (condition.is ?? condition['at-least'] ?? condition['at-most']) as number
      return { good, bad: condition['at-least'] === undefined ? good + 1 : good - 1 }
    }
    case 'answer': {
      const allowed = condition['one-of'] ?? [String(condition.is)]
      const bad = definition.answers.find((answer) => !allowed.includes(answer))
      return { good: allowed[0]!, ...(bad === undefined ? {} : { bad }) }
    }
  }
}

/** Works a case step by step, as a responder would; positions and times count up. */
export class CaseDriver {
  readonly matrix: Matrix
  readonly events: CaseEvent[] = []
  state: CaseState | undefined
  #position = 100

  constructor(matrix: Matrix) {
    this.matrix = matrix
    this.must({ kind: 'opened', incident: 'inc-0123456789abcdef', graphAt: 1_000n as UnixNano })
  }

  get case(): CaseState {
    return this.state!
  }

  try(deed: CaseDeed, by: Actor = ANNA): StepResult {
    const at = BigInt(this.#position) * 1_000_000_000n
    const event = { ...deed, by, at: at as UnixNano, position: this.#position++ }
    const result = step(this.matrix, this.state, event)
    if (result.status === 'accepted') {
      this.state = result.state
      this.events.push(event)
    }
    return result
  }

  must(deed: CaseDeed, by: Actor = ANNA): void {
    const result = this.try(deed, by)
    if (result.status === 'refused') throw new Error(result.reason)
  }

  classify(type: IncidentType): void {
    this.must({ kind: 'classified', type, confidence: 0.8, reason: 'the chain says so' })
  }

  seal(): void {
    this.must({ kind: 'sealed', seal: { size: 1_000_000, rootHash: 'ab'.repeat(32), completeness: 1 } }, PROGRAM)
  }

  act(action: Partial<CaseAction> = {}): void {
    this.must({
      kind: 'action',
      action: {
        id: 'hold',
        words: 'hold it',
        isReversible: true,
        state: 'confirmed',
        planHash: 'h',
        rung: 'pause',
        ...action,
      },
    })
  }

  fact(condition: Condition, value: FactValue): void {
    const definition: FactDefinition = FACTS[condition.fact]
    const by = definition.from === 'person' ? ANNA : PROGRAM
    this.must({ kind: 'fact', fact: condition.fact, value, proof: { entries: [7] } }, by)
  }

  /** Does all that the cell asks for, except closing it and stating `unsaid`. */
  work(type: IncidentType, phase: Phase, unsaid?: Condition): void {
    const cell = this.matrix[type].cells.find((each) => each.phase === phase)!
    for (const condition of cell.enters) if (!isCaseFact(condition)) this.fact(condition, valuesFor(condition).good)
    if (phase === 'contain') {
      if (this.case.seals.length === 0) this.seal()
      this.act()
    }
    if (cellOf(this.case, type, phase)?.status !== 'open') this.must({ kind: 'phase-opened', type, phase })
    for (const { id, team } of cell.tasks) {
      this.must({ kind: 'task-done', type, phase, task: id, team, proof: { entries: [8] } })
    }
    for (const { id } of cell.evidence) {
      this.must({ kind: 'evidence', type, phase, evidence: id, proof: { entries: [9] } })
    }
    for (const condition of cell.leaves) {
      if (!isCaseFact(condition) && condition !== unsaid) this.fact(condition, valuesFor(condition).good)
    }
  }

  /** Works and closes phases up to and without `until`. */
  workUntil(type: IncidentType, until: Phase | 'end'): void {
    for (const { phase } of this.matrix[type].cells) {
      if (phase === until) return
      if (cellOf(this.case, type, phase)?.status === 'closed') continue
      this.work(type, phase)
      this.must({ kind: 'phase-closed', type, phase })
    }
  }

  /** The same case, read from its records in any order. */
  replayed(): CaseState | undefined {
    return caseOf(this.matrix, this.events.toReversed()).state
  }
}
