import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { CLI_PROGRAM } from '../../../testing/server.ts'

/** A proxy that listens, started by the command itself. */
export type ListeningProxy = AsyncDisposable & { readonly url: string }

export async function startProxy(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ListeningProxy> {
  const child = spawn(process.execPath, [...CLI_PROGRAM, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await new Promise<string>((done, failed) => {
    createInterface({ input: child.stdout }).once('line', done)
    child.once('exit', (code) => failed(new Error(`the proxy ended with ${code} before it listened`)))
  })
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}
