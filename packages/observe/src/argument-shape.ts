import { ARGUMENT_CHARS, ARGUMENT_DEPTH, ARGUMENT_FIELDS, ARGUMENT_PATHS } from './limits.ts'
import { foldText, keyOf } from './volatile.ts'

/**
 * The shape of a call's arguments: JSON paths with the type and class of what stands there, each once, sorted. Never a raw
 * value: shapes are shown to everybody who may see a profile. Text that is no JSON has the one path `$`. Untrusted text.
 */
export function argumentShape(text: string): readonly string[] {
  if (text.length > ARGUMENT_CHARS) return ['$ document']
  const paths = new Set<string>()
  walk(parse(text), { path: '$', depth: 0, paths })
  return [...paths].toSorted()
}

type Walk = { readonly path: string; readonly depth: number; readonly paths: Set<string> }

function walk(value: unknown, at: Walk): void {
  if (at.paths.size >= ARGUMENT_PATHS) return
  if (Array.isArray(value)) {
    if (value.length === 0 || at.depth >= ARGUMENT_DEPTH) at.paths.add(`${at.path} list`)
    else
      for (const item of value.slice(0, ARGUMENT_PATHS))
        walk(item, { ...at, path: `${at.path}[]`, depth: at.depth + 1 })
    return
  }
  if (typeof value !== 'object' || value === null) {
    at.paths.add(`${at.path} ${classOf(value)}`)
    return
  }
  const fields = Object.entries(value)
  if (fields.length === 0 || fields.length > ARGUMENT_FIELDS || at.depth >= ARGUMENT_DEPTH) {
    at.paths.add(`${at.path} ${fields.length === 0 ? 'empty' : 'map'}`)
    return
  }
  // A name may be a value as well: `{"2026-01-01": 5}`.
  for (const [name, item] of fields)
    walk(item, { ...at, path: `${at.path}.${foldText(keyOf(name.slice(0, 60)))}`, depth: at.depth + 1 })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Some models' arguments are plain text; their class is all that is said of them.
    return text
  }
}

/** What kind of value it is, in classes so wide that they name nobody. */
function classOf(value: unknown): string {
  if (typeof value === 'number') return `${Number.isInteger(value) ? 'integer' : 'decimal'} ${magnitude(value)}`
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value !== 'string') return 'null'
  const known = TEXT_CLASSES.find(([pattern]) => pattern.test(value))
  if (known !== undefined) return `text ${known[1]}`
  return value.length <= 200 ? 'text short' : value.length <= 4_000 ? 'text long' : 'text document'
}

function magnitude(value: number): string {
  const size = Math.abs(value)
  const band = size < 100 ? 'to 100' : size < 10_000 ? 'to 10,000' : size < 1_000_000 ? 'to 1,000,000' : 'large'
  return value < 0 ? `negative ${band}` : band
}

/** Each is linear in the text, and the first that fits names it. */
const TEXT_CLASSES: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^$/, 'empty'],
  [/^[a-z][a-z0-9+.-]{1,15}:\/\/\S{1,2000}$/i, 'url'],
  [/^[^\s@]{1,100}@[^\s@]{1,200}$/, 'e-mail'],
  [/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i, 'uuid'],
  [/^[+-]?\d{1,20}(?:[.,]\d{1,20})?$/, 'number'],
  [/^\d{4}-\d\d-\d\d(?:[T ]\S{1,40})?$/, 'date'],
  [/^(?=.{0,127}\d)[0-9a-f]{16,128}$/i, 'hex'],
  [/^(?:~|\.{1,2})?\/\S{0,1000}$/, 'path'],
  [/^[A-Za-z]:\\.{0,1000}$/, 'path'],
  [/^[A-Za-z0-9+/]{64,}={0,2}$/, 'base64'],
  [/^[\w.#:/-]{1,64}$/, 'identifier'],
]
