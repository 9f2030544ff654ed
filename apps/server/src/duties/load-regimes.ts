import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseRegimes, type Regimes } from '@holdfast/respond'

const FILE = fileURLToPath(new URL('../../../../runbooks/notification-clocks.yaml', import.meta.url))

/** Reads the regimes that ship. Throws TypeError, naming line and what is wrong. */
export function loadRegimes(file: string = FILE): Regimes {
  const parsed = parseRegimes(readFileSync(file, 'utf8'), file)
  if (parsed.status === 'parsed') return parsed.value
  throw new TypeError(
    parsed.problems.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'),
  )
}
