import { exec } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(exec)

/** What every one of these agents is told to be, and the one tool that it has. */
export const INSTRUCTIONS = 'You run errands with a shell, one step at a time.'
export const TOOL = 'run_command'
export const DESCRIPTION = 'Runs a shell command and returns what it prints.'

export async function runCommand(command: string): Promise<string> {
  const { stdout } = await run(command)
  return stdout === '' ? 'done' : stdout
}

/** Runs all errands at once, in one process, and prints their answers. */
export async function runErrands(runOne: (errand: string) => Promise<string>): Promise<void> {
  for (const answer of await Promise.all(process.argv.slice(2).map(runOne))) console.log(answer)
}
