import { INCIDENT_TYPES } from '@holdfast/model'
import type { IncidentType } from '@holdfast/model'

import { misfitOf } from './facts.ts'
import type { Condition, Runbook } from './runbook.ts'
import { PHASES, runbookSchema } from './runbook.ts'
import type { Checked, Mistake, ParsedFile } from './yaml-file.ts'
import { parseYamlFile, repeatedIds } from './yaml-file.ts'

/** Reads one runbook. `text` is untrusted. */
export function parseRunbook(text: string, file: string): ParsedFile<Runbook> {
  return parseYamlFile({ text, file }, runbookFrom)
}

/** The same for a value that did not come as YAML. */
export function runbookFrom(value: unknown): Checked<Runbook> {
  const result = runbookSchema.safeParse(value)
  const mistakes = result.success ? mistakesIn(result.data) : result.error.issues
  if (result.success && mistakes.length === 0) return { status: 'parsed', value: result.data }
  return { status: 'refused', mistakes }
}

/** Three runbooks by their type. */
export type Matrix = { readonly [Type in IncidentType]: Runbook }

/** Puts the three runbooks together; each type has exactly one. */
export function matrixOf(runbooks: readonly Runbook[]): Matrix {
  const of = (type: IncidentType): Runbook => {
    const [only, second] = runbooks.filter((runbook) => runbook.type === type)
    if (only === undefined) throw new TypeError(`there is no runbook for ${type}`)
    if (second !== undefined) throw new TypeError(`there are two runbooks for ${type}`)
    return only
  }
  return {
    'runtime-execution-escape': of('runtime-execution-escape'),
    'privilege-boundary-escape': of('privilege-boundary-escape'),
    'reasoning-compromise': of('reasoning-compromise'),
  }
}

/** Cells in the order in which they stand in the matrix. */
export function cellsOf(
  matrix: Matrix,
): readonly { readonly type: IncidentType; readonly cell: Runbook['cells'][number] }[] {
  return INCIDENT_TYPES.flatMap((type) => matrix[type].cells.map((cell) => ({ type, cell })))
}

/** What the schema cannot say: order of phases, ids that stand for one thing, conditions that fit their fact. */
function mistakesIn({ cells }: Runbook): readonly Mistake[] {
  return cells.flatMap((cell, at) => {
    const expected = PHASES[at]
    const conditions = (['enters', 'leaves'] as const).flatMap((side) =>
      cell[side].flatMap((condition, index) =>
        mistakeInCondition(condition).map((message) => ({ path: ['cells', at, side, index, 'fact'], message })),
      ),
    )
    return [
      ...(cell.phase === expected
        ? []
        : [{ path: ['cells', at, 'phase'], message: `phase ${at + 1} is ${expected ?? 'none'}` }]),
      ...repeatedIds(cell.tasks).map((index) => ({
        path: ['cells', at, 'tasks', index, 'id'],
        message: 'the id stands twice',
      })),
      ...repeatedIds(cell.evidence).map((index) => ({
        path: ['cells', at, 'evidence', index, 'id'],
        message: 'the id stands twice',
      })),
      ...conditions,
    ]
  })
}

function mistakeInCondition(condition: Condition): readonly string[] {
  const { fact, is } = condition
  const asked = [is, condition['one-of'], condition['at-least'], condition['at-most']].filter(
    (each) => each !== undefined,
  )
  if (asked.length !== 1) return ['a condition has exactly one of is, one-of, at-least and at-most']
  const values = [
    ...(is === undefined ? [] : [is]),
    ...(condition['one-of'] ?? []),
    ...[condition['at-least'], condition['at-most']].filter((each) => each !== undefined),
  ]
  return values.flatMap((value) => misfitOf(fact, value) ?? [])
}
