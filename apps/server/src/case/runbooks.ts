import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { INCIDENT_TYPES } from '@holdfast/model'
import { type Matrix, matrixOf, parseRunbook, type Runbook } from '@holdfast/respond'

/** The folder of the runbooks that ship, at the root of the project. */
const FOLDER = fileURLToPath(new URL('../../../../runbooks', import.meta.url))

/** Reads the three runbooks. Throws TypeError, naming file, line and what is wrong. */
export function loadRunbooks(folder: string = FOLDER): Matrix {
  return matrixOf(INCIDENT_TYPES.map((type) => readRunbook(join(folder, `${type}.yaml`))))
}

function readRunbook(path: string): Runbook {
  const parsed = parseRunbook(readFileSync(path, 'utf8'), basename(path))
  if (parsed.status === 'parsed') return parsed.value
  throw new TypeError(
    parsed.problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'),
  )
}
