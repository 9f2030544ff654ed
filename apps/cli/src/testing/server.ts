import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ServerProcess, type ServerProcessOptions } from '@holdfast/testkit'

/** Arguments of `node` that run the command from its source. */
export const CLI_PROGRAM: readonly string[] = [
  '--disable-warning=ExperimentalWarning',
  '--conditions=@holdfast/source',
  fileURLToPath(new URL('../main.ts', import.meta.url)),
]

/** A real server on a folder of its own, started by the command itself. */
export type TestServer = AsyncDisposable &
  Pick<ServerProcess, 'child' | 'ready' | 'ended'> & {
    readonly data: string
    /** What points other commands at it. */
    readonly env: Readonly<Record<string, string>>
  }

/**
 * Runs `holdfast up` on a new folder, or one that another server left, and waits until it serves; without a sensor unless
 * asked for. The folder goes with it.
 */
export async function startTestServer(
  options: ServerProcessOptions & { readonly data?: string } = {},
): Promise<TestServer> {
  const { data = mkdtempSync(join(tmpdir(), 'holdfast-cli-')), ...more } = options
  const server = await ServerProcess.start([...CLI_PROGRAM, 'up'], data, more)
  const { child, ready, ended } = server
  return {
    data,
    child,
    ready,
    ended,
    // What a proxy could not deliver goes with the folder too: the next server may be given the same address.
    env: { HOLDFAST_URL: ready.http, HOLDFAST_TOKEN: ready.token, XDG_STATE_HOME: join(data, 'state') },
    [Symbol.asyncDispose]: async () => {
      await server.stop()
      rmSync(data, { recursive: true, force: true })
    },
  }
}

/** Sends one recorded request of real telemetry, as its library sent it. */
export async function sendRecording(server: TestServer, file: string): Promise<void> {
  const body = readFileSync(new URL(`../../../../fixtures/dialects/${file}`, import.meta.url))
  const response = await fetch(`${server.ready.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body,
  })
  if (!response.ok) throw new Error(`${file} was not taken: ${response.status}`)
}
