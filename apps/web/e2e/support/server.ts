import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'

const root = join(import.meta.dirname, '..', '..', '..', '..')
const upSchema = z.object({
  ready: z.literal(true),
  http: z.string(),
  otlpHttp: z.string(),
  token: z.string(),
  signInUrl: z.string(),
})

export type Workspace = z.output<typeof upSchema> & AsyncDisposable

/** A real server in a folder of its own, started as an operator would; stopped and removed at the end. */
export async function startWorkspace(): Promise<Workspace> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-web-'))
  const ports = ['--http-port', '0', '--otlp-http-port', '0', '--otlp-grpc-port', '0', '--no-sensor']
  const child = spawn(
    process.execPath,
    ['--conditions=@holdfast/source', join(root, 'apps/cli/src/main.ts'), 'up', '--data', folder, ...ports, '--json'],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const ended = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  const [line] = (await Promise.race([
    once(lines, 'line'),
    ended.then(() => Promise.reject(new Error('the server ended before it was ready'))),
  ])) as [string]
  const up = upSchema.parse(JSON.parse(line))
  return {
    ...up,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Sends spans as OTLP/JSON and waits until the views have folded them. */
export async function send(workspace: Workspace, body: unknown): Promise<void> {
  const response = await fetch(`${workspace.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`the server refused the spans: ${response.status} ${await response.text()}`)
  await untilFolded(workspace)
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
