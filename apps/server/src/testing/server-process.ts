import { join } from 'node:path'
import { ServerProcess, type ServerProcessOptions } from '@holdfast/testkit'

const PROGRAM = [
  '--disable-warning=ExperimentalWarning',
  '--conditions=@holdfast/source',
  join(import.meta.dirname, '..', 'main.ts'),
]

/** The server program itself, from its source, on a folder that the test gives. */
export function startServer(folder: string, options?: ServerProcessOptions): Promise<ServerProcess> {
  return ServerProcess.start(PROGRAM, folder, options)
}
