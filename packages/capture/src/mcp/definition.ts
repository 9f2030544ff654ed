import type { Sha256 } from '@holdfast/model'
import { field, isJsonArray, isJsonObject } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { sha256 } from '../dialects/content.ts'

/** What of a tool object says what the tool is; icons and `_meta` differ from one listing to the next. */
const DEFINING = ['name', 'title', 'description', 'inputSchema', 'outputSchema', 'annotations'] as const

/** SHA-256 over the canonical JSON (RFC 8785) of what defines a tool. Undefined for what is no tool object. */
export function definitionDigest(tool: Json): Sha256 | undefined {
  if (!isJsonObject(tool)) return undefined
  const defining: { [key: string]: Json } = {}
  for (const key of DEFINING) {
    const value = field(tool, key)
    if (value !== undefined) defining[key] = value
  }
  return sha256(canonicalJson(defining))
}

/** The same over the definition digests, ordered by name, because the order of a list is not promised. */
export function catalogueDigest(tools: readonly { readonly name: string; readonly definition: string }[]): Sha256 {
  const ordered = tools.toSorted((a, b) => compare(a.name, b.name) || compare(a.definition, b.definition))
  return sha256(canonicalJson(ordered.map(({ definition }) => definition)))
}

/** RFC 8785. The parser bounds how deep a value nests, so the recursion is bounded. */
export function canonicalJson(value: Json): string {
  // I-JSON numbers are doubles; a longer integer is written as the double that every other reader would make of it.
  if (typeof value === 'bigint') return JSON.stringify(Number(value))
  if (typeof value === 'string') return JSON.stringify(value.toWellFormed())
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (isJsonArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (!isJsonObject(value)) return 'null'
  const object = value
  // The default order of sort is that of UTF-16 code units, which the standard asks for.
  const members = Object.keys(object)
    .toSorted()
    .map((key) => `${JSON.stringify(key.toWellFormed())}:${canonicalJson(object[key] ?? null)}`)
  return `{${members.join(',')}}`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
