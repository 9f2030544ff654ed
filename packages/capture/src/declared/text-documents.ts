import { parseAllDocuments } from 'yaml'
import { field, isJsonArray, isJsonObject } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { parseJsonText, writeJsonText } from '../decode/json-text.ts'
import { MAX_JSON_DEPTH, MAX_RECORD_BYTES } from '../limits.ts'
import { MAX_YAML_DOCUMENTS } from './limits.ts'

/** JSON of a YAML text of one document; undefined where it is none, or where its aliases make more of it than an entry holds. */
export function parseYaml(text: string): Json | undefined {
  try {
    const parsed = parseAllDocuments(text, { uniqueKeys: true, logLevel: 'error' })
    const [document] = 'empty' in parsed ? [] : parsed
    if (document === undefined || document.errors.length > 0) return undefined
    const value: unknown = document.toJS({ maxAliasCount: 100 })
    // What is shared by aliases is told apart only when it is written: its size is known before.
    if (sizeOf(value, 0) > MAX_RECORD_BYTES) return undefined
    return parseJsonText(writeJsonText(value as Json)) // what the library makes of a text is plain, or writes itself as JSON
  } catch {
    // The library throws where aliases would grow past the bound, and where nesting is deeper than the stack: no document.
    return undefined
  }
}

/** Characters that the value has as JSON, about; infinite past the bounds of an entry. */
function sizeOf(value: unknown, depth: number): number {
  if (typeof value === 'string') return value.length + 2
  if (typeof value !== 'object' || value === null) return 8
  if (depth > MAX_JSON_DEPTH) return Infinity
  let size = 2
  for (const [key, member] of Object.entries(value)) {
    size += key.length + 4 + sizeOf(member, depth + 1)
    if (size > MAX_RECORD_BYTES) return Infinity
  }
  return size
}

/**
 * The documents of a YAML file as JSON, those of a Kubernetes `List` one by one. Undefined for text that is no YAML, and for
 * YAML that is one scalar, as any text is.
 */
export function yamlDocuments(text: string): readonly Json[] | undefined {
  const parts = text
    .split(/^---(?=\s|$)/m) // what stands beside the mark, a note or a whole document, is of the document
    .filter((part) => part.split('\n').some((line) => !/^(?:\s*(?:#.*)?|%.*)$/.test(line))) // notes and directives only
    .slice(0, MAX_YAML_DOCUMENTS)
  const documents: Json[] = []
  for (const part of parts) {
    const json = parseYaml(part)
    if (!isJsonObject(json)) return undefined
    const items = field(json, 'items')
    const isList = field(json, 'kind') === 'List' && isJsonArray(items)
    for (const document of isList ? items : [json]) documents.push(document)
  }
  return documents
}
