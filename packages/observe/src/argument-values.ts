import { hash } from 'node:crypto'
import { ARGUMENT_CHARS, ARGUMENT_DEPTH, ARGUMENT_FIELDS, VALUE_CHARS, VALUES_PER_CALL } from './limits.ts'
import { foldText, keyOf } from './volatile.ts'

/** A short text that was given as an argument: a payee, a bucket, a table. Captured text: untrusted. */
export type ArgumentValue = {
  /** Where it stood, as the shape of the arguments names it, without its class: `$.to`, `$.items[].id`. */
  readonly path: string
  readonly value: string
  /** What a profile keeps in its place ({@link valueDigest}). */
  readonly digest: string
}

/**
 * The short texts among the arguments of a call, each place and value once, in the order of places. Numbers, dates and long
 * texts are left out: whom and what a call is about is named by short texts.
 */
export function argumentValues(text: string): readonly ArgumentValue[] {
  if (text.length > ARGUMENT_CHARS) return []
  const found = new Map<string, ArgumentValue>()
  walk(parse(text), { path: '$', depth: 0, found })
  return [...found.values()].toSorted((a, b) =>
    a.path === b.path ? compare(a.value, b.value) : compare(a.path, b.path),
  )
}

/** A profile tells values apart and shows none. Short values can be guessed from it: it is for the store, not for a page. */
export function valueDigest(value: string): string {
  return hash('sha256', value.trim().toLowerCase(), 'base64url').slice(0, 16)
}

type Walk = { readonly path: string; readonly depth: number; readonly found: Map<string, ArgumentValue> }

function walk(value: unknown, at: Walk): void {
  if (at.found.size >= VALUES_PER_CALL || at.depth > ARGUMENT_DEPTH) return
  if (typeof value === 'string') {
    if (!isName(value)) return
    const digest = valueDigest(value)
    at.found.set(`${at.path}\n${digest}`, { path: at.path, value, digest })
    return
  }
  if (Array.isArray(value)) {
    for (const item of value.slice(0, VALUES_PER_CALL)) walk(item, { ...at, path: `${at.path}[]`, depth: at.depth + 1 })
    return
  }
  if (typeof value !== 'object' || value === null) return
  const fields = Object.entries(value)
  if (fields.length > ARGUMENT_FIELDS) return
  for (const [name, item] of fields)
    walk(item, { ...at, path: `${at.path}.${foldText(keyOf(name.slice(0, 60)))}`, depth: at.depth + 1 })
}

/** Short, on one line, with a letter in it, and no time. */
function isName(value: string): boolean {
  return (
    value.length <= VALUE_CHARS &&
    /\p{L}/u.test(value) &&
    !/[\r\n]/.test(value) &&
    !/^\d{4}-\d\d-\d\d(?:[T ]|$)/.test(value)
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Plain text is no list of names.
    return undefined
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
