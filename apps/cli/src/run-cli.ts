import { run } from '@stricli/core'
import { appFor } from './app.ts'
import type { CliContext } from './context.ts'
import { EXIT, exitCodeOf, type ExitName } from './exit-codes.ts'

/** All that a run is given; the rest of {@link CliContext} is made here. */
export type CliEnvironment = Omit<CliContext, 'process' | 'exit' | 'exitAs'>

/** Runs one command line to its end and returns its exit code. Never throws. */
export async function runCli(args: readonly string[], environment: CliEnvironment): Promise<number> {
  let named: ExitName | undefined
  let ran: number | undefined
  // A command that was interrupted fails in whatever it was doing; that is no news to who pressed the keys.
  const stderr = {
    ...environment.stderr,
    write: (text: string): void => {
      if (!environment.signal.aborted || ran !== undefined) environment.stderr.write(text)
    },
  }
  const streams: { stdout: CliContext['stdout']; stderr: CliContext['stderr']; exitCode?: number | string | null } = {
    stdout: environment.stdout,
    stderr,
  }
  const context: CliContext & { readonly process: typeof streams } = {
    ...environment,
    stderr,
    process: streams,
    exit: (name) => {
      named = name
    },
    exitAs: (code) => {
      ran = code
    },
  }
  await run(await appFor(args, environment.program), args, context)
  if (ran !== undefined && Number(streams.exitCode ?? 0) === 0) return ran
  if (environment.signal.aborted) return environment.signal.reason === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted
  const code = exitCodeOf(Number(streams.exitCode ?? 0))
  return code === 0 && named !== undefined ? EXIT[named] : code
}
