import { mkdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ROOT } from './say.ts'
import { runStep } from './step.ts'
import { readTally, type Tally } from './tally.ts'

export type VitestRun = {
  readonly name: string
  /** Arguments of run-vitest.ts besides `--tally`. */
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export const UNIT: VitestRun = { name: 'unit tests', args: ['--project', 'unit'] }
export const INTEGRATION: VitestRun = { name: 'integration tests', args: ['--project', 'integration'] }

/** Runs one kind of test and returns what it counted. */
export async function runVitest(run: VitestRun): Promise<Tally> {
  const folder = new URL('node_modules/.cache/holdfast/', ROOT)
  mkdirSync(folder, { recursive: true })
  const file = fileURLToPath(new URL(`tally-${run.name.replaceAll(' ', '-')}.json`, folder))
  rmSync(file, { force: true })
  const program = fileURLToPath(new URL('run-vitest.ts', import.meta.url))
  await runStep({
    name: run.name,
    args: ['--disable-warning=ExperimentalWarning', program, '--tally', file, ...run.args],
    ...(run.env === undefined ? {} : { env: run.env }),
  })
  return readTally(file)
}
