import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { ROOT } from './say.ts'

/** A server that a task started, as its first line describes it. */
export type Server = {
  readonly http: string
  readonly otlpHttp: string
  readonly otlpGrpc: string
  readonly token: string
  readonly signInUrl: string
  /** Asks it to end. */
  readonly stop: () => void
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number>
}

/**
 * Starts the server on a folder; undefined where it ended before it served, having said why itself, or where `signal` ended it. Ctrl-C
 * in a terminal is ours to pass on: what still speaks to the server when it comes ends first.
 */
export async function startServer(flags: readonly string[], signal?: AbortSignal): Promise<Server | undefined> {
  // The heap as `holdfast up` gives it (apps/cli/src/server/server-program.ts).
  const node = ['--max-semi-space-size=8', '--expose-gc', ...ourNode('apps/server/src/main.ts')]
  const child = spawn(process.execPath, [...node, ...flags, '--json'], {
    cwd: fileURLToPath(ROOT),
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
    // Below npm it ends by itself where this process is gone (apps/server/src/run-server.ts), and so it does without npm.
    env: { ...process.env, npm_lifecycle_event: process.env['npm_lifecycle_event'] ?? 'start' },
  })
  const ended = new Promise<number>((done) => child.once('exit', (code) => done(code ?? 1)))
  const stop = (): void => void child.kill('SIGTERM')
  signal?.addEventListener('abort', stop)
  const line = await Promise.race([firstLine(child), ended.then(() => undefined)])
  signal?.removeEventListener('abort', stop)
  if (line === undefined) return undefined
  // The line is that of our own server, whose tests hold it to this shape.
  const ready = JSON.parse(line) as Omit<Server, 'stop' | 'ended'>
  return { ...ready, ended, stop }
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((done) => {
    if (child.stdout !== null) createInterface({ input: child.stdout }).once('line', done)
  })
}

/** Arguments of `node` that run a program of this repository from its source. */
export function ourNode(program: string): readonly string[] {
  const conditions = ['--disable-warning=ExperimentalWarning', '--conditions=@holdfast/source']
  return [...conditions, fileURLToPath(new URL(program, ROOT))]
}

/** The server that runs on a folder already, if one does. */
export function runningServer(folder: URL): { readonly http: string; readonly pid: number } | undefined {
  try {
    const { http, pid } = JSON.parse(readFileSync(new URL('server.json', folder), 'utf8')) as Record<string, unknown>
    if (typeof http !== 'string' || typeof pid !== 'number') return undefined
    process.kill(pid, 0)
    return { http, pid }
  } catch {
    // No file, or nobody under that pid: none runs.
    return undefined
  }
}

/** Whether there is anything to look at, or was: agents, or demo data, also where that was removed. */
export async function hasSomething(server: Server): Promise<boolean> {
  const response = await fetch(`${server.http}/api/v1/demo`, { headers: { authorization: `Bearer ${server.token}` } })
  // The shape is that of the route (packages/api), which our own server answers.
  const { items, removed, hasOwnAgents } = (await response.json()) as {
    readonly items: readonly unknown[]
    readonly removed: readonly unknown[]
    readonly hasOwnAgents: boolean
  }
  return hasOwnAgents || items.length > 0 || removed.length > 0
}

/** Whether any agent was heard by a server. */
export async function hasAgents(server: Server): Promise<boolean> {
  const response = await fetch(`${server.http}/api/v1/agents?limit=1`, {
    headers: { authorization: `Bearer ${server.token}` },
  })
  const { items } = (await response.json()) as { readonly items: readonly unknown[] }
  return items.length > 0
}
