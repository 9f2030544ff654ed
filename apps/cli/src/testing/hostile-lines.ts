import type { Leaf } from './command-tree.ts'

/** Ids that a sweep knows of, by the placeholder under which commands ask for them; the text stands for every other. */
export type KnownIds = Readonly<Record<string, string>>

/** Commands that become a server, a proxy or another program, or wait for one; their own tests send hostile text through them. */
const NOT_RUN: ReadonlySet<string> = new Set([
  'up',
  'tail',
  'run',
  'mcp',
  'mcp-server',
  'llm',
  'demo',
  'eval',
  'rules',
  'sensor run',
  'sensor enrol',
  'evidence stamp',
  'drift watch',
])

export type LineOptions = {
  readonly known: KnownIds
  readonly text: string
  /** Formats that a command prints are tried in turn by this number; all of them unless told. */
  readonly turn?: number
}

/**
 * Command lines of one command: with the ids that are known, and with the text wherever a line takes one; in each of the formats
 * that it prints, or in one. Empty for those that are not run here.
 */
export function hostileLines(
  { words, command }: Leaf,
  { known, text, turn }: LineOptions,
): readonly (readonly string[])[] {
  const name = words.join(' ')
  if (NOT_RUN.has(name) || NOT_RUN.has(words[0] ?? '')) return []
  const { flags = {}, positional } = command.parameters as Parameters
  const formats = Object.entries(flags).flatMap(([flag, { kind, values }]) =>
    flag === 'output' && kind === 'enum' ? (values ?? []).map((value) => ['--output', value]) : [],
  )
  const given = (ids: KnownIds): readonly string[] =>
    Object.entries(flags).flatMap(([flag, spec]) => valueOf(flag, spec, ids, text))
  const asked = (ids: KnownIds): readonly string[] => placesOf(positional).map((place) => ids[place] ?? text)
  const all = formats.length === 0 ? [[]] : formats
  return [known, {}].flatMap((ids, which) =>
    (turn === undefined ? all : [all[(turn + which) % all.length] ?? []]).map((format) => [
      ...words,
      ...given(ids),
      ...format,
      '--',
      ...asked(ids),
    ]),
  )
}

/** True where the command cannot be asked without one of these placeholders. */
export function asksForOneOf(leaf: Leaf, places: readonly string[]): boolean {
  return placesAsked(leaf).some((place) => places.includes(place))
}

/** True where its words alone are a line. */
export function asksForNothing(leaf: Leaf): boolean {
  return placesAsked(leaf).length === 0
}

function placesAsked({ command }: Leaf): readonly string[] {
  const { flags = {}, positional } = command.parameters as Parameters
  const given = Object.values(flags).flatMap((spec) => (isAsked(spec) ? [spec.placeholder ?? ''] : []))
  return [...placesOf(positional), ...given]
}

/** As far as they are looked at; the package keeps its own types of them apart for each command. */
type Parameters = {
  readonly flags?: Readonly<Record<string, FlagSpec>>
  readonly positional?:
    | { readonly kind: 'tuple'; readonly parameters: readonly Place[] }
    | { readonly kind: 'array'; readonly parameter: Place }
}
type Place = { readonly placeholder?: string }
type FlagSpec = Place & {
  readonly kind: string
  readonly values?: readonly string[]
  readonly optional?: boolean
  readonly default?: unknown
}

/** Of a flag that must be given, or takes a text that goes on record. */
function valueOf(flag: string, spec: FlagSpec, ids: KnownIds, text: string): readonly string[] {
  if (spec.kind === 'enum') return isAsked(spec) ? [`--${flag}`, spec.values?.[0] ?? ''] : []
  if (spec.kind !== 'parsed' || (!isAsked(spec) && spec.placeholder !== 'TEXT')) return []
  return [`--${kebab(flag)}=${ids[spec.placeholder ?? ''] ?? text}`]
}

function isAsked({ optional, default: fallback }: FlagSpec): boolean {
  return optional !== true && fallback === undefined
}

function placesOf(positional: Parameters['positional']): readonly string[] {
  if (positional === undefined) return []
  const places = positional.kind === 'tuple' ? positional.parameters : [positional.parameter]
  return places.map(({ placeholder = '' }) => placeholder)
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
