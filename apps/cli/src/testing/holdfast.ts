import { spawnSync } from 'node:child_process'
import { CLI_PROGRAM } from './server.ts'

/**
 * Runs a command line as a process of its own and waits for its end. Of the environment of the tests it has the search
 * path alone. A null status: a signal ended it.
 */
export function holdfastIn(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...CLI_PROGRAM, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}
