import { parseAllDocuments } from 'yaml'
import type { Json } from '../decode/any-value.ts'
import { field, isJsonArray, isJsonObject } from '../decode/any-value.ts'
import { MAX_YAML_DOCUMENTS } from './limits.ts'

/** JSON of a YAML text of one document; undefined where it is none. Aliases are bounded by the library: no text may grow. */
export function parseYaml(text: string): Json | undefined {
  try {
    const parsed = parseAllDocuments(text, { uniqueKeys: true, logLevel: 'error' })
    const [document] = 'empty' in parsed ? [] : parsed
    if (document === undefined || document.errors.length > 0) return undefined
    const json: unknown = document.toJS({ maxAliasCount: 100 })
    return isPlain(json) ? json : undefined
  } catch {
    // The library throws where aliases would grow past the bound, and where nesting is deeper than the stack: no document.
    return undefined
  }
}

/**
 * The documents of a YAML file, each as its own text; the items of a Kubernetes `List` as JSON. Undefined for text that is
 * no YAML, and for YAML that is one scalar, as any text is.
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
    if (field(json, 'kind') === 'List' && isJsonArray(items)) documents.push(...items)
    else documents.push(part)
  }
  return documents
}

/** What the library makes of a text is plain values, but for dates, which its core schema leaves as text. */
function isPlain(value: unknown): value is Json {
  return value === null || ['string', 'number', 'boolean', 'bigint', 'object'].includes(typeof value)
}
