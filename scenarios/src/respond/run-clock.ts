import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { CLOCK_READ_MS } from './limits.ts'

/** The clock of a run's own server, which can be moved ahead while agents and kernel keep theirs. */
export type RunClock = {
  /** Arguments of `node` that load it into the server. */
  readonly arguments: readonly string[]
  /** Resolves once the server knows. */
  readonly pass: (hours: number) => Promise<void>
}

/** `folder`: where the file is that says how far ahead it is. */
export function runClock(folder: string): RunClock {
  const file = join(folder, 'ahead')
  const module = pathToFileURL(fileURLToPath(new URL('../../src/respond/moved-clock.ts', import.meta.url)))
  module.searchParams.set('file', file)
  let ahead = 0
  return {
    arguments: ['--import', module.href],
    pass: async (hours) => {
      ahead += hours * HOUR_MS
      // Put there at once: half a number is another one.
      writeFileSync(`${file}~`, String(ahead))
      renameSync(`${file}~`, file)
      await wait(2 * CLOCK_READ_MS)
    },
  }
}

const HOUR_MS = 3_600_000
