import { readFileSync } from 'node:fs'

/** What a test run counted. */
export type Tally = {
  readonly passed: number
  readonly failed: number
  readonly skipped: readonly { readonly name: string; readonly why: string }[]
}

export const EMPTY: Tally = { passed: 0, failed: 0, skipped: [] }

/** The sum of two runs. */
export function add(a: Tally, b: Tally): Tally {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: [...a.skipped, ...b.skipped] }
}

/** What run-vitest.ts wrote; a run that wrote nothing has failed as a whole. */
export function readTally(file: string): Tally {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Tally
  } catch {
    // The run ended before it could count.
    return { ...EMPTY, failed: 1 }
  }
}

/** Skipped tests with their reasons, one line for each reason. */
export function skippedLines({ skipped }: Tally): readonly string[] {
  const byReason = Map.groupBy(skipped, ({ why }) => why)
  return [...byReason].map(([why, tests]) => {
    const [first] = tests
    const rest = tests.length > 1 ? ` and ${tests.length - 1} more` : ''
    return `skipped: ${first?.name ?? ''}${rest}: ${why}`
  })
}

/** The line that a run ends with. */
export function countLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed, ${skipped.length} skipped`
}
