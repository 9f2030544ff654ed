import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** Arguments of `node` that run the command from its source. */
export const CLI_PROGRAM: readonly string[] = [
  '--disable-warning=ExperimentalWarning',
  '--conditions=@holdfast/source',
  fileURLToPath(new URL('../main.ts', import.meta.url)),
]

/** A real server on a folder of its own, started by the command itself. */
export type TestServer = AsyncDisposable & {
  readonly data: string
  /** The process that `holdfast up` was started as. */
  readonly child: ChildProcess
  /** The line that `up --json` printed. */
  readonly ready: Readonly<Record<string, unknown>> & { readonly otlpHttp: string }
  /** What points other commands at it. */
  readonly env: Readonly<Record<string, string>>
  /** Resolves with its exit code once it has ended. */
  readonly ended: Promise<number | null>
}

/**
 * Runs `holdfast up` on a new folder, or one that another server left, and free ports, and waits until it serves; without
 * a sensor unless asked for.
 */
export async function startTestServer(
  options: { readonly sensor?: boolean; readonly data?: string } = {},
): Promise<TestServer> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'holdfast-cli-'))
  const ports = [
    '--http-port',
    '0',
    '--otlp-http-port',
    '0',
    '--otlp-grpc-port',
    '0',
    ...(options.sensor === true ? [] : ['--no-sensor']),
  ]
  const child = spawn(process.execPath, [...CLI_PROGRAM, 'up', '--data', data, ...ports, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<number | null>((done) => child.once('exit', done))
  const line = await new Promise<string>((done, failed) => {
    createInterface({ input: child.stdout }).once('line', done)
    child.once('exit', (code) => failed(new Error(`the server ended with ${code} before it served`)))
  })
  // What the test itself checks against the documented fields.
  const ready = JSON.parse(line) as TestServer['ready']
  return {
    data,
    child,
    ready,
    ended,
    env: { HOLDFAST_URL: String(ready['http']), HOLDFAST_TOKEN: String(ready['token']) },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM')
      await ended
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
