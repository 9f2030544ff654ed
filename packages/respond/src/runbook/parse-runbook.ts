import { INCIDENT_TYPES } from '@holdfast/model'
import type { IncidentType } from '@holdfast/model'
import type { Document } from 'yaml'
import { isNode, LineCounter, parseDocument } from 'yaml'

import { MAX_ALIASES, MAX_RUNBOOK_BYTES } from '../limits.ts'
import { misfitOf } from './facts.ts'
import type { Condition, Runbook } from './runbook.ts'
import { PHASES, runbookSchema } from './runbook.ts'

/** What is wrong with a file, and where. Lines and columns count from 1. */
export type RunbookProblem = {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: string
}

export type ParsedRunbook =
  | { readonly status: 'parsed'; readonly runbook: Runbook }
  | { readonly status: 'refused'; readonly problems: readonly RunbookProblem[] }

/** Reads one runbook. A file with any problem is refused whole, and all its problems are named. `text` is untrusted. */
export function parseRunbook(text: string, file: string): ParsedRunbook {
  if (Buffer.byteLength(text) > MAX_RUNBOOK_BYTES) {
    return refused([{ file, line: 1, column: 1, message: `a runbook has at most ${MAX_RUNBOOK_BYTES} bytes` }])
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, stringKeys: true })
  const at = (offset: number, message: string): RunbookProblem => {
    const { line, col } = lines.linePos(offset)
    return { file, line, column: col, message }
  }
  if (document.errors.length > 0) {
    return refused(document.errors.map(({ pos, message }) => at(pos[0], message.split('\n')[0] ?? 'no YAML')))
  }
  const value = plainOf(document)
  if (value === undefined) return refused([at(0, 'its aliases unfold to too much')])
  const result = runbookSchema.safeParse(value)
  if (!result.success) {
    return refused(
      result.error.issues.map(({ path, message }) => at(offsetOf(document, path), `${path.join('.')}: ${message}`)),
    )
  }
  const problems = mistakesIn(result.data).map(({ path, message }) =>
    at(offsetOf(document, path), `${path.join('.')}: ${message}`),
  )
  return problems.length > 0 ? refused(problems) : { status: 'parsed', runbook: result.data }
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

type Mistake = { readonly path: readonly PropertyKey[]; readonly message: string }

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
      ...repeats(cell.tasks).map((index) => ({
        path: ['cells', at, 'tasks', index, 'id'],
        message: 'the id stands twice',
      })),
      ...repeats(cell.evidence).map((index) => ({
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

function repeats(things: readonly { readonly id: string }[]): readonly number[] {
  return things.flatMap(({ id }, at) => (things.findIndex((other) => other.id === id) < at ? [at] : []))
}

function refused(problems: readonly RunbookProblem[]): ParsedRunbook {
  return { status: 'refused', problems }
}

/** Undefined where aliases unfold to more than a runbook can hold. */
function plainOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES })
  } catch {
    // The only thing that fails in a document without errors is the bound on aliases.
    return undefined
  }
}

/** Where a path begins in the text; of what is missing, where its nearest ancestor does. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}
