import { spawn, type ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'
import type { ServerAddress } from '../../server/find-server.ts'

/** A program of the scenarios, whose progress and result are read here. */
export type ScenarioProgram = ChildProcess & { readonly stdout: Readable; readonly stderr: Readable }

/**
 * Starts a program of the scenarios, against a server where one is given. It ends, and all that it started, on SIGTERM and with this
 * process, also where this one is killed: it sees the end of a channel over which nothing is said.
 */
export function startProgram(args: readonly string[], server: ServerAddress | undefined): ScenarioProgram {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // The token goes by the environment: arguments are for everybody to read.
    env: { ...process.env, ...(server === undefined ? {} : { HOLDFAST_TOKEN: server.token }) },
  })
  // Both are pipes, as the line above asks for.
  return child as ScenarioProgram
}
