import { ours } from '../called-as.ts'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { shellWord } from '@holdfast/model'
import { CliError } from '../cli-error.ts'

/** A running server, as its data folder or the environment names it. */
export type ServerAddress = {
  readonly http: string
  readonly token: string | undefined
  /** Unknown where only HOLDFAST_URL says where the server is. */
  readonly otlpHttp: string | undefined
  readonly pid: number | undefined
  /** What named it, for messages. */
  readonly namedBy: string
}

export type FindOptions = {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** `--data`. */
  readonly data?: string | undefined
}

const START_ONE = ours`start one with: holdfast up   (in a checkout: npm start)`

/**
 * `--data` first, because it was just typed; then HOLDFAST_URL and HOLDFAST_TOKEN; then the folder that HOLDFAST_DATA
 * names, which `run` tells what it starts; then the nearest `.holdfast` from
 * the working directory upwards. Throws `unavailable` where none of them names a server.
 */
export function findServer(options: FindOptions): ServerAddress {
  if (options.data !== undefined) {
    const folder = resolve(options.cwd, options.data)
    const found = readServerFile(folder)
    if (found !== undefined) return found
    throw new CliError('unavailable', `no server runs on ${folder}`, {
      remedy: ours`holdfast up --data ${shellWord(folder)}`,
    })
  }
  const url = options.env['HOLDFAST_URL'] ?? ''
  if (url !== '') return fromEnvironment(url, options.env['HOLDFAST_TOKEN'])
  const data = options.env['HOLDFAST_DATA'] ?? ''
  if (data !== '') {
    const found = readServerFile(data)
    if (found !== undefined) return found
    throw new CliError('unavailable', `no server runs on ${data} (named by HOLDFAST_DATA)`, { remedy: START_ONE })
  }
  for (const folder of foldersAbove(options.cwd)) {
    const found = readServerFile(join(folder, '.holdfast'))
    if (found !== undefined) return found
  }
  throw new CliError('unavailable', 'no server: HOLDFAST_URL is not set and no .holdfast folder here has one running', {
    remedy: START_ONE,
  })
}

function fromEnvironment(url: string, token: string | undefined): ServerAddress {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new CliError('usage', `HOLDFAST_URL is not an http address: "${url}"`)
  }
  return {
    http: url.replace(/\/+$/, ''),
    token: token === '' ? undefined : token,
    otlpHttp: undefined,
    pid: undefined,
    namedBy: 'HOLDFAST_URL',
  }
}

/** The nearest `.holdfast` from `cwd` upwards that holds a log; undefined where there is none. */
export function nearestLogFolder(cwd: string): string | undefined {
  for (const above of foldersAbove(cwd)) {
    const folder = join(above, '.holdfast')
    if (existsSync(join(folder, 'log.db'))) return folder
  }
  return undefined
}

/** The address in `server.json`; undefined where there is none, or where the process that wrote it is gone. */
export function readServerFile(folder: string): ServerAddress | undefined {
  const path = join(folder, 'server.json')
  const fields = parseObject(readText(path))
  const http = fields?.['http']
  if (fields === undefined || typeof http !== 'string') return undefined
  const pid = typeof fields['pid'] === 'number' ? fields['pid'] : undefined
  if (pid !== undefined && !isAlive(pid)) return undefined
  return {
    http: withScheme(http),
    token: textOf(fields['token']),
    otlpHttp: mapText(textOf(fields['otlpHttp']), withScheme),
    pid,
    namedBy: path,
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // Absent or not ours to read: either way it names no server that this user may ask.
    return undefined
  }
}

function parseObject(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    // Half written: the server replaces it in one rename, so this is not its file.
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (fault) {
    // EPERM: it lives and belongs to somebody else.
    return fault instanceof Error && 'code' in fault && fault.code === 'EPERM'
  }
}

function withScheme(address: string): string {
  return (/^https?:\/\//.test(address) ? address : `http://${address}`).replace(/\/+$/, '')
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function mapText(value: string | undefined, change: (text: string) => string): string | undefined {
  return value === undefined ? undefined : change(value)
}

function* foldersAbove(start: string): Iterable<string> {
  let folder = resolve(start)
  for (;;) {
    yield folder
    const parent = dirname(folder)
    if (parent === folder) return
    folder = parent
  }
}
