import { ours } from '../called-as.ts'
import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parse } from 'yaml'
import { CliError } from '../cli-error.ts'
import { SETTINGS_FILE_BYTES } from '../limits.ts'
import { inert } from '../render/inert.ts'
import { statusOf } from '../status-of.ts'
import { SETTING_NAMES, SETTINGS, valueOf, variableOf, wanted, type SettingName } from './table.ts'

type Value = string | number | boolean

/** A value and who says it. */
type Said = { readonly value: Value; readonly source: string }

/** What holds for a setting, and what would hold if that were not said. */
export type Settled = {
  readonly name: SettingName
  readonly value: Value | undefined
  /** `flag --host`, `environment HOLDFAST_HOST`, a file, or `default`. */
  readonly source: string
  /** Said as well, and without effect: the strongest first. */
  readonly beaten: readonly Said[]
}

export type Where = { readonly env: Readonly<Record<string, string | undefined>>; readonly cwd: string }

/**
 * Every setting as flags, environment, the project's file, the user's and the system's have it, in this order. Throws `usage`
 * for a file or a variable that cannot be meant so.
 */
export function settle(where: Where, flags: Partial<Record<SettingName, Value>>): readonly Settled[] {
  const files = filesOf(where).flatMap((path) => readSettings(path))
  return SETTING_NAMES.map((name): Settled => {
    const flag = flags[name]
    const [first, ...beaten] = [
      ...(flag === undefined ? [] : [{ value: flag, source: `flag --${name}` }]),
      ...ofEnvironment(where, name),
      ...files.flatMap(({ path, said }) => {
        const value = said.get(name)
        return value === undefined ? [] : [{ value, source: path }]
      }),
    ]
    if (first !== undefined) return { name, ...first, beaten }
    const { fallback } = SETTINGS[name]
    return { name, value: fallback, source: fallback === undefined ? 'not set' : 'default', beaten: [] }
  })
}

/** Files that may say something, the strongest first: the nearest `holdfast.yaml` upwards, the user's, the system's. */
export function filesOf({ env, cwd }: Where): readonly string[] {
  const home = env['XDG_CONFIG_HOME'] ?? (env['HOME'] === undefined ? undefined : join(env['HOME'], '.config'))
  const project = nearest(cwd)
  return [
    ...(project === undefined ? [] : [project]),
    ...(home === undefined || home === '' ? [] : [join(home, 'holdfast', 'config.yaml')]),
    '/etc/holdfast/config.yaml',
  ]
}

function nearest(cwd: string): string | undefined {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const path = join(folder, 'holdfast.yaml')
    if (statusOf(path)?.isFile() === true) return path
    if (dirname(folder) === folder) return undefined
  }
}

function ofEnvironment({ env, cwd }: Where, name: SettingName): readonly Said[] {
  const text = env[variableOf(name)] ?? ''
  if (text === '') return []
  const value = valueOf(name, text)
  if (value === undefined) {
    // Of an address not even what is wrong is repeated: it may hold a password.
    const said = SETTINGS[name].isAddress === true ? 'is no such address' : `is "${inert(text)}"`
    throw new CliError('usage', `${variableOf(name)} ${said}: write ${wanted(name)}`)
  }
  return [{ value: placed(name, value, cwd), source: `environment ${variableOf(name)}` }]
}

function readSettings(
  path: string,
): readonly { readonly path: string; readonly said: ReadonlyMap<SettingName, Value> }[] {
  const text = textOf(path)
  if (text === undefined) return []
  const document = parsed(path, text)
  if (document === null) return []
  if (typeof document !== 'object' || Array.isArray(document))
    throw new CliError('usage', `${inert(path)}: holds no settings: write one a line, as http-port: 4319`)
  const said = new Map(
    Object.entries(document).map(([key, given]): [SettingName, Value] => {
      const name = SETTING_NAMES.find((known) => known === key)
      if (name === undefined)
        throw new CliError('usage', `${inert(path)}: there is no setting "${inert(key)}"`, {
          remedy: ours`holdfast config list`,
        })
      const value = valueOf(name, given)
      if (value === undefined) throw new CliError('usage', `${inert(path)}: ${name} is ${wanted(name)}`)
      // A file means the folder that it stands in, wherever the command is run.
      return [name, placed(name, value, dirname(path))]
    }),
  )
  return [{ path, said }]
}

function placed(name: SettingName, value: Value, folder: string): Value {
  return SETTINGS[name].kind === 'path' ? resolve(folder, String(value)) : value
}

function textOf(path: string): string | undefined {
  const found = statusOf(path)
  if (found === undefined) return undefined
  if (!found.isFile() || found.size > SETTINGS_FILE_BYTES)
    throw new CliError('usage', `${inert(path)} is no file of at most ${SETTINGS_FILE_BYTES} bytes`)
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new CliError('denied', `${inert(path)} cannot be read`, { cause })
  }
}

function parsed(path: string, text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 })
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
    throw new CliError('usage', `${inert(path)}: ${inert(why ?? '')}`, { cause })
  }
}
