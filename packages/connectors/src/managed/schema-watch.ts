import { KNOWN_FIELDS } from './known-fields.ts'
import { DEPTH, FIELDS_NAMED } from './limits.ts'
import { listOf, type ProviderAnswer } from './platform.ts'

/** Fields of one call that the provider has changed, against what is documented of it. Names are untrusted. */
export type SchemaChange = {
  readonly api: string
  /** There, and not known: kept, and read by nothing. */
  readonly added: readonly string[]
  /** Not there, and read: what was told by them is missing. A field that was renamed is one of each. */
  readonly missing: readonly string[]
}

/**
 * What of the answers is not as it is documented (requirement MGD-6). Nothing is dropped for it: the answers are recorded
 * whole. A field that is needed is missed where a member of its list is there without it; an empty list misses nothing.
 */
export function schemaChanges(answers: readonly ProviderAnswer[]): readonly SchemaChange[] {
  return [...Map.groupBy(answers, ({ api }) => api)].flatMap(([api, some]): readonly SchemaChange[] => {
    const fields = KNOWN_FIELDS.get(api)
    if (fields === undefined) return []
    const known = new Set(fields.known)
    const added = new Set<string>()
    const missing = new Set<string>()
    for (const { body } of some) {
      const json: unknown = parsed(body)
      for (const path of pathsOf(json, '', 0)) if (!isKnown(known, path)) added.add(path)
      for (const path of fields.needed) if (!isThere(json, path.split('.'))) missing.add(path)
    }
    if (added.size + missing.size === 0) return []
    return [{ api, added: named(added), missing: named(missing) }]
  })
}

function named(paths: ReadonlySet<string>): readonly string[] {
  return [...paths].toSorted().slice(0, FIELDS_NAMED)
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    // No JSON has no fields: every one that is needed is missing.
    return undefined
  }
}

function pathsOf(value: unknown, at: string, depth: number): readonly string[] {
  if (depth > DEPTH) return []
  if (Array.isArray(value)) return listOf(value).flatMap((one) => pathsOf(one, `${at}[]`, depth))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, below]) => {
    const path = at === '' ? key : `${at}.${key}`
    return [path, ...pathsOf(below, path, depth + 1)]
  })
}

/** A known path, what stands above one, and all below one that ends in `**`. */
function isKnown(known: ReadonlySet<string>, path: string): boolean {
  for (const one of known) {
    if (one === path) return true
    if (one.startsWith(`${path}.`) || one.startsWith(`${path}[]`)) return true
    if (!one.endsWith('.**')) continue
    const stem = one.slice(0, -3)
    if (path.startsWith(`${stem}.`) || path.startsWith(`${stem}[]`) || path === stem) return true
  }
  return false
}

function isThere(value: unknown, path: readonly string[]): boolean {
  const [step = '', ...rest] = path
  if (step === '') return true
  const isList = step.endsWith('[]')
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const key = isList ? step.slice(0, -2) : step
  const below = Object.entries(value).find(([name]) => name === key)?.[1] as unknown
  if (!isList) return below !== undefined && below !== null && isThere(below, rest)
  // An absent list is an empty one: providers leave it out.
  return listOf(below).every((one) => isThere(one, rest))
}
