import type { CommandContext } from '@stricli/core'
import type { AgentScope } from './agent-scope.ts'
import type { ExitName } from './exit-codes.ts'

/** A stream of the terminal or of a pipe. */
export type Output = {
  readonly write: (text: string) => void
  readonly isTerminal: boolean
  readonly columns: number | undefined
}

/** All that a command may touch besides the API: handed in, so that tests run commands in their own process. */
export type CliContext = CommandContext & {
  /** Data only. */
  readonly stdout: Output
  /** Talk: progress, hints, faults. */
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** What commands in our own words are to begin with, where that is not `holdfast` (called-as.ts). */
  readonly program?: string
  /** All of standard input; refuses more than `limit` bytes. */
  readonly readStdin: (limit: number) => Promise<Uint8Array>
  /**
   * Puts a question to the person in front of the terminal and gives the line that is typed, empty where there is none. Undefined
   * where nobody sits there: then nothing is asked.
   */
  readonly ask?: (question: string) => Promise<string>
  /** Agents that lists of agents and incidents are narrowed to (kubectl/run-plugin.ts); absent: all. */
  readonly scope?: AgentScope
  /** Nothing on the server is to change: `--dry-run`. */
  readonly isDryRun?: boolean
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal
  /** Ends the command with another code than 0 without an error message. */
  readonly exit: (name: ExitName) => void
  /**
   * Ends the command with the code of a program that it ran, also after a signal: that was the program's to answer, and
   * what is still to be said is said.
   */
  readonly exitAs: (code: number) => void
}
