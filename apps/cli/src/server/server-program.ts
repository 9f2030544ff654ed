import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { CliError } from '../cli-error.ts'
import type { CliContext } from '../context.ts'
import { SERVER_READY_MS } from '../limits.ts'

/**
 * A quarter of Node's default for the young part of the heap, which stays resident once a burst has filled it: 16 MiB in place of 64.
 * What arrives takes no more CPU time with it. And leave to collect at rest what a burst left (apps/server/src/views/give-back.ts).
 * Others that start the server say the same: tasks/server.ts, deploy/Containerfile.
 */
export const SERVER_HEAP = ['--max-semi-space-size=8', '--expose-gc'] as const

/** Arguments of `node` that run a program of this repository the way this one runs: from source, or built. */
export function nodeArguments(source: string, built: string): readonly string[] {
  const isSource = import.meta.url.endsWith('.ts')
  const program = fileURLToPath(new URL(isSource ? source : built, import.meta.url))
  if (!existsSync(program)) {
    throw new CliError('fault', `${program} is missing from this installation`, { remedy: 'install it again' })
  }
  const conditions = isSource ? ['--conditions=@holdfast/source'] : []
  return ['--disable-warning=ExperimentalWarning', ...conditions, program]
}

function serverProgram(): readonly string[] {
  return [...SERVER_HEAP, ...nodeArguments('../../../server/src/main.ts', '../../server/dist/main.js')]
}

/**
 * Puts the server in the place of this process, under the same pid, so that whoever started `holdfast up` signals the
 * server itself. Where a process cannot be replaced, runs it as a child and passes signals on.
 */
export async function becomeServer(context: CliContext, flags: readonly string[]): Promise<void> {
  await becomeProgram(context, [...serverProgram(), ...flags])
}

/** Puts `node` with these arguments in the place of this process, as {@link becomeServer} does. */
export async function becomeProgram(context: CliContext, args: readonly string[]): Promise<void> {
  if (typeof process.execve === 'function' && process.platform !== 'win32') {
    process.execve(process.execPath, [process.execPath, ...args], definedOf(context.env))
  }
  process.exitCode = await runInForeground(args)
}

function definedOf(env: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)) as NodeJS.ProcessEnv
}

/** Runs a child on our own streams; the code to end with. */
async function runInForeground(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [...args], { stdio: 'inherit' })
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal)
  process.on('SIGINT', pass).on('SIGTERM', pass)
  return new Promise((done, failed) => {
    child.on('error', failed)
    child.on('exit', (code, signal) => done(code ?? (signal === null ? 0 : 128 + constants.signals[signal])))
  })
}

/** What the server says on its first line (`up --json`). */
type ServerReady = {
  readonly http: string
  readonly otlpHttp: string
  readonly token: string
}

export type OwnServer = {
  readonly ready: ServerReady
  /** Asks it to end and waits until it has. */
  readonly stop: () => Promise<void>
}

/** Starts a server as a child for as long as a command needs one. It ends with this process, also where that is killed. */
export async function startServer(flags: readonly string[]): Promise<OwnServer> {
  const child = spawn(process.execPath, [...serverProgram(), ...flags, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Below npm a server ends by itself where its parent is gone (apps/server/src/run-server.ts), and so it does without npm.
    env: { ...process.env, npm_lifecycle_event: process.env['npm_lifecycle_event'] ?? 'holdfast' },
  })
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  try {
    const ready = await readyLine(child)
    return {
      ready,
      stop: async () => {
        child.kill('SIGTERM')
        await ended
      },
    }
  } catch (fault) {
    child.kill('SIGKILL')
    throw fault
  }
}

/** The first line of standard output, parsed; throws where the child ends or says something else first. */
function readyLine(child: ChildProcess): Promise<ServerReady> {
  return new Promise((done, failed) => {
    const fail = (why: string): void => failed(new CliError('unavailable', `the server did not start: ${why}`))
    const timer = setTimeout(() => fail(`not ready after ${SERVER_READY_MS / 1000} s`), SERVER_READY_MS)
    child.once('error', (fault) => fail(fault.message))
    child.once('exit', (code) => {
      clearTimeout(timer)
      fail(`it ended with ${code ?? 'a signal'}`)
    })
    if (child.stdout === null) return
    const lines = createInterface({ input: child.stdout })
    lines.once('line', (line) => {
      clearTimeout(timer)
      const ready = parseReady(line)
      if (ready === undefined) fail(`it said "${line.slice(0, 200)}"`)
      else done(ready)
    })
  })
}

function parseReady(line: string): ServerReady | undefined {
  try {
    const fields = JSON.parse(line) as Readonly<Record<string, unknown>> | null
    const { http, otlpHttp, token } = fields ?? {}
    if (typeof http !== 'string' || typeof otlpHttp !== 'string' || typeof token !== 'string') return undefined
    return { http: withScheme(http), otlpHttp: withScheme(otlpHttp), token }
  } catch {
    // Not JSON: the caller names the line.
    return undefined
  }
}

function withScheme(address: string): string {
  return /^https?:\/\//.test(address) ? address : `http://${address}`
}
