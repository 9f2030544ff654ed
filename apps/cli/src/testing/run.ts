import type { CliEnvironment } from '../run-cli.ts'
import { runCli } from '../run-cli.ts'

/** What a command line left behind. */
export type Transcript = { readonly code: number; readonly stdout: string; readonly stderr: string }

/** Runs a command line in this process, away from any terminal. */
export async function cli(args: readonly string[], given: Partial<CliEnvironment> = {}): Promise<Transcript> {
  let stdout = ''
  let stderr = ''
  const code = await runCli(args, {
    stdout: { write: (text) => void (stdout += text), isTerminal: false, columns: undefined },
    stderr: { write: (text) => void (stderr += text), isTerminal: false, columns: undefined },
    env: {},
    cwd: '/',
    readStdin: async () => new Uint8Array(),
    signal: new AbortController().signal,
    ...given,
  })
  return { code, stdout, stderr }
}
