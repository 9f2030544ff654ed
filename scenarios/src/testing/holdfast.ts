import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const PROGRAM: readonly string[] = [
  '--disable-warning=ExperimentalWarning',
  '--conditions=@holdfast/source',
  fileURLToPath(new URL('../../../apps/cli/holdfast.js', import.meta.url)),
]

export type Holdfast = AsyncDisposable & {
  /** Answers of the API, by the path after `/api/v1`; throws where it is not 200. */
  readonly get: (path: string) => Promise<unknown>
  /** `holdfast run -- node ARGS`; the report and what was said beside it. */
  readonly run: (args: readonly string[], env: Readonly<Record<string, string>>) => Promise<Ran>
  /** Any other command, asked of this server; `report` is what it printed to standard output. */
  readonly command: (...args: readonly string[]) => Promise<Ran>
}

export type Ran = { readonly code: number | null; readonly report: string; readonly said: string }

/** A server of its own on a new folder and free ports, with a sensor unless told; both end with it. */
export async function startHoldfast(options: { readonly sensor: boolean } = { sensor: true }): Promise<Holdfast> {
  const data = mkdtempSync(join(tmpdir(), 'holdfast-scenario-'))
  const ports = ['--http-port', '0', '--otlp-http-port', '0', '--otlp-grpc-port', '0']
  const sensor = options.sensor ? [] : ['--no-sensor']
  const server = spawn(process.execPath, [...PROGRAM, 'up', '--data', data, ...ports, ...sensor, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((done) => server.once('exit', () => done()))
  const line = await new Promise<string>((done, failed) => {
    createInterface({ input: server.stdout }).once('line', done)
    void ended.then(() => failed(new Error('the server ended before it served')))
  })
  // `up --json` prints these two beside others (docs of the command).
  const { http, token } = JSON.parse(line) as { readonly http: string; readonly token: string }
  // What a proxy could not deliver goes with the server, not to whoever's home this is.
  const address = { HOLDFAST_URL: http, HOLDFAST_TOKEN: token, XDG_STATE_HOME: join(data, 'state') }
  return {
    get: async (path) => {
      const response = await fetch(`${http}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } })
      if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
      return response.json()
    },
    run: (args, env) =>
      ran(['run', '--name', 'errands', '--json', '--', process.execPath, ...args], { ...env, ...address }),
    command: (...args) => ran(args, address),
    [Symbol.asyncDispose]: async () => {
      server.kill('SIGTERM')
      await ended
      rmSync(data, { recursive: true, force: true })
    },
  }
}

async function ran(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> {
  const child = spawn(process.execPath, [...PROGRAM, ...args], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const code = new Promise<number | null>((done) => child.once('close', done))
  const [report, said] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await code, report, said }
}
