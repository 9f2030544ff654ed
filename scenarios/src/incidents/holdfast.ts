import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { ServerProcess } from '@holdfast/testkit'

/** A server that scenarios run against. */
export type HoldfastAddress = {
  readonly url: string
  readonly token: string
  /** Base URL of OTLP over HTTP. */
  readonly otlpUrl: string
}

export type Ran = { readonly code: number | null; readonly report: string; readonly said: string }

/** Arguments of `node` that run the `holdfast` command of this repository. */
export const HOLDFAST: readonly string[] = programOf('../../../apps/cli/holdfast.js')
const SERVER: readonly string[] = programOf('../../../apps/server/src/main.ts')

/** A server of its own on a new folder, which both end with it; with the kernel sensor where asked for. */
export async function startOwnHoldfast({
  sensor,
  flags = [],
  nodeArguments = [],
}: {
  readonly sensor: boolean
  readonly flags?: readonly string[]
  readonly nodeArguments?: readonly string[]
}): Promise<HoldfastAddress & { readonly folder: string; readonly server: ServerProcess } & AsyncDisposable> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-incident-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  const server = await ServerProcess.start([...nodeArguments, ...SERVER], folder, { sensor, flags }).catch(
    (fault: unknown) => {
      remove()
      throw fault
    },
  )
  return {
    ...addressOf(server),
    folder,
    server,
    [Symbol.asyncDispose]: async () => {
      await server.stop()
      remove()
    },
  }
}

/** Starts the server on a folder that is there already. */
export async function restartHoldfast(folder: string): Promise<ServerProcess> {
  return ServerProcess.start(SERVER, folder)
}

export function addressOf({ ready }: ServerProcess): HoldfastAddress {
  return { url: ready.http, token: ready.token, otlpUrl: ready.otlpHttp }
}

/** Environment that points the command at a server, beside what finds programs. */
export function environmentOf({ url, token }: HoldfastAddress): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    NODE_NO_WARNINGS: '1',
    HOLDFAST_URL: url,
    HOLDFAST_TOKEN: token,
  }
}

/** Runs one `holdfast` command to its end; `report` is its standard output. */
export async function holdfast(
  address: HoldfastAddress,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [...HOLDFAST, ...args], {
    env: { ...environmentOf(address), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const code = new Promise<number | null>((done) => child.once('close', done))
  const [report, said] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await code, report, said }
}

/** What the API answered where it was not what was asked for. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** A GET of the API; throws {@link AnswerError} where it does not answer 200. The caller names the shape that the route documents. */
export async function ask<T>({ url, token }: HoldfastAddress, path: string): Promise<T> {
  const response = await fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } })
  if (!response.ok)
    throw new AnswerError(response.status, `${path} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as T
}

/** A POST of the API; throws where it does not answer 200. */
export async function send<T>({ url, token }: HoldfastAddress, path: string, body: unknown): Promise<T> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as T // the caller names the shape that the route documents
}

// The shape is that of the route (packages/api).
type Imported = {
  readonly rejected: number
  readonly rejections: readonly { readonly where: string; readonly why: string }[]
}

/** Imports lines as a file of this name; rejects where one of them is refused. */
export async function importLines(
  { url, token }: HoldfastAddress,
  name: string,
  lines: Iterable<string>,
  signal?: AbortSignal,
): Promise<void> {
  const response = await fetch(`${url}/api/v1/import?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
    body: `${[...lines].join('\n')}\n`,
    ...(signal === undefined ? {} : { signal }),
  })
  if (!response.ok) throw new Error(`importing ${name} answered ${response.status}: ${await response.text()}`)
  const { rejected, rejections } = (await response.json()) as Imported
  if (rejected > 0) throw new Error(`importing ${name}: ${rejected} refused, such as ${JSON.stringify(rejections[0])}`)
}

/** `src` is reached the same way from `src/incidents` and from `dist/incidents`: programs run from their source. */
function programOf(path: string): readonly string[] {
  return [
    '--disable-warning=ExperimentalWarning',
    '--conditions=@holdfast/source',
    fileURLToPath(new URL(path, import.meta.url)),
  ]
}
