import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { z } from 'zod'

const root = join(import.meta.dirname, '..', '..', '..', '..')
const CLI = [
  '--disable-warning=ExperimentalWarning',
  '--conditions=@holdfast/source',
  join(root, 'apps/cli/holdfast.js'),
]
const upSchema = z.object({
  ready: z.literal(true),
  http: z.string(),
  otlpHttp: z.string(),
  token: z.string(),
  signInUrl: z.string(),
})

export type Workspace = z.output<typeof upSchema> & AsyncDisposable

export type WorkspaceOptions = {
  /** With the kernel sensor beside it, where the machine allows one; without unless told. */
  readonly hasSensor?: boolean
  /** Shell text that runs `$@` where something is hidden from it. */
  readonly within?: string
  readonly flags?: readonly string[]
}

/** A real server in a folder of its own, started as an operator would; stopped and removed at the end. */
export async function startWorkspace({
  hasSensor = false,
  within,
  flags = [],
}: WorkspaceOptions = {}): Promise<Workspace> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-web-'))
  // The server may be another user, who has to make its files here.
  await chmod(folder, 0o777)
  const ports = ['--http-port', '0', '--otlp-http-port', '0', '--otlp-grpc-port', '0']
  const up = ['up', '--data', join(folder, 'log'), ...ports, ...(hasSensor ? [] : ['--no-sensor']), ...flags, '--json']
  const command = [process.execPath, ...CLI, ...up]
  const [program = '', ...args] = within === undefined ? command : ['sh', '-c', within, 'sh', ...command]
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  const [line] = (await Promise.race([
    once(lines, 'line'),
    ended.then(() => Promise.reject(new Error('the server ended before it was ready'))),
  ])) as [string]
  return {
    ...upSchema.parse(JSON.parse(line)),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Sends spans as OTLP/JSON and waits until the views have folded them. */
export async function send(workspace: Workspace, body: unknown): Promise<void> {
  await post(workspace, body)
  await untilFolded(workspace)
}

/** Sends spans as OTLP/JSON. */
export async function post(workspace: Workspace, body: unknown): Promise<void> {
  const response = await fetch(`${workspace.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`the server refused the spans: ${response.status} ${await response.text()}`)
}

const integritySchema = z.object({ size: z.int(), projection: z.object({ cursor: z.int(), lag: z.int() }) })

/** Waits on the server's own word, not on a clock. */
async function untilFolded(workspace: Workspace): Promise<void> {
  for (;;) {
    const { projection } = integritySchema.parse(await read(workspace, '/api/v1/integrity'))
    if (projection.lag === 0) return
  }
}

/** One answer of the API as JSON. */
export async function read(workspace: Workspace, path: string): Promise<unknown> {
  const response = await fetch(workspace.http + path, { headers: { authorization: `Bearer ${workspace.token}` } })
  if (!response.ok) throw new Error(`${path} answered ${response.status}`)
  return response.json()
}

/** Carries an order out over the API, as the CLI does. */
export async function order(workspace: Workspace, path: string, body: unknown): Promise<unknown> {
  const response = await fetch(workspace.http + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${workspace.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const answer = await response.text()
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${answer}`)
  return JSON.parse(answer)
}

export type Run = { readonly ended: Promise<number | null>; readonly end: () => void }

/** `holdfast run --name NAME -- CMD` against the server; `ended` gives the exit code. */
export function startRun(workspace: Workspace, name: string, command: readonly string[]): Run {
  const child = spawn(process.execPath, [...CLI, 'run', '--name', name, '--json', '--', ...command], {
    env: { PATH: process.env['PATH'], HOLDFAST_URL: workspace.http, HOLDFAST_TOKEN: workspace.token },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const ended = new Promise<number | null>((done) => child.once('close', done))
  return { ended, end: () => void child.stdin.end() }
}

/** `holdfast demo --only STORY` against the server, to its end. */
export async function tellStory(workspace: Workspace, story: string): Promise<void> {
  const child = spawn(process.execPath, [...CLI, 'demo', '--only', story, '--json'], {
    env: { PATH: process.env['PATH'], HOLDFAST_URL: workspace.http, HOLDFAST_TOKEN: workspace.token },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
  if (code !== 0) throw new Error(`the demo ended with ${String(code)}: ${said}`)
}

/** A `holdfast` command, which knows of no server unless told of one; what it wrote to standard output. */
export async function runCli(
  args: readonly string[],
  server?: Pick<Workspace, 'http' | 'token'>,
): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawn(process.execPath, [...CLI, ...args], {
    cwd: tmpdir(),
    env: {
      PATH: process.env['PATH'],
      ...(server === undefined ? {} : { HOLDFAST_URL: server.http, HOLDFAST_TOKEN: server.token }),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'close')])
  return { code: typeof code === 'number' ? code : null, said }
}
