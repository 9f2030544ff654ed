import { CliError } from '../cli-error.ts'
import { inert } from '../render/inert.ts'

/** A line of `kubectl holdfast`, taken apart: what is meant for kubectl, and what for the command. */
export type PluginArguments = {
  /** Which cluster, and as whom, as kubectl is told it. */
  readonly access: readonly string[]
  readonly namespace?: string
  readonly allNamespaces: boolean
  readonly selector?: string
  /** Where the server is; looked for where absent. */
  readonly serverNamespace?: string
  /** The command of `holdfast` with its own flags. */
  readonly command: readonly string[]
}

type Named = 'namespace' | 'selector' | 'serverNamespace'

/** Flags that hand their value to kubectl as they are. */
const ACCESS: ReadonlySet<string> = new Set(['--context', '--kubeconfig', '--cluster', '--user', '--as', '--as-group'])
const NAMED: ReadonlyMap<string, Named> = new Map([
  ['-n', 'namespace'],
  ['--namespace', 'namespace'],
  ['-l', 'selector'],
  ['--selector', 'selector'],
  ['--server-namespace', 'serverNamespace'],
])

/**
 * kubectl hands a plugin everything after its name: its own flags may stand anywhere before `--`. Throws `usage` for one without a
 * value, for `-n` with `-A`, and for `--data`, which names another server than the cluster's.
 */
export function parsePluginArguments(args: readonly string[]): PluginArguments {
  const end = args.includes('--') ? args.indexOf('--') : args.length
  const access: string[] = []
  const command: string[] = []
  const named: Partial<Record<Named, string>> = {}
  let allNamespaces = false
  for (let at = 0; at < end; at++) {
    const { flag, inline } = flagOf(args[at] ?? '')
    const name = NAMED.get(flag)
    if (flag === '--data')
      throw new CliError(
        'usage',
        '--data is of a server on this machine: kubectl holdfast asks the one in the cluster',
        {
          remedy: 'leave it out, or run holdfast without kubectl; where the server is says --server-namespace',
        },
      )
    if (flag === '-A' || flag === '--all-namespaces') allNamespaces = true
    else if (name === undefined && !ACCESS.has(flag)) command.push(args[at] ?? '')
    else {
      const value = inline ?? (at + 1 < end ? args[++at] : undefined)
      if (value === undefined || value === '') throw new CliError('usage', `${flag} needs a value`)
      if (name === undefined) access.push(`${flag}=${value}`)
      else named[name] = value
    }
  }
  if (allNamespaces && named.namespace !== undefined)
    throw new CliError('usage', `-A is every namespace: it cannot go with -n ${inert(named.namespace)}`)
  return { access, ...named, allNamespaces, command: [...command, ...args.slice(end)] }
}

/** `--context=prod`, `-n=prod` and `-nprod` as kubectl reads them. */
function flagOf(word: string): { readonly flag: string; readonly inline?: string } {
  const [, long, value] = /^(--[a-z-]+)=(.*)$/s.exec(word) ?? []
  if (long !== undefined) return { flag: long, ...(value === undefined ? {} : { inline: value }) }
  const [, short, rest] = /^(-[nl])=?(.+)$/s.exec(word) ?? []
  return short === undefined || rest === undefined ? { flag: word } : { flag: short, inline: rest }
}
