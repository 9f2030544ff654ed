import { parseJson } from './json-text.ts'

/** Members of an answer that say how many records it holds, as databases, search engines and tools name them. */
const COUNTS: readonly string[] = [
  'count',
  'records',
  'rows',
  'rowCount',
  'row_count',
  'rows_returned',
  'num_rows',
  'affectedRows',
  'items',
  'results',
  'hits',
  'documents',
  'entries',
  'data',
]
/** Answers wrapped in answers: a tool's text in MCP's content in an SDK's result. */
const MOST_LAYERS = 4

/**
 * How many records an answer brought, where it says or shows so; undefined where it does neither. A count that stands beside a
 * shorter list is taken: a page may be told with the size of the page. Untrusted: it is what the tool says.
 */
export function recordsIn(text: string): number | undefined {
  return recordsOf(parseJson(text), 0)
}

function recordsOf(value: unknown, layer: number): number | undefined {
  if (layer > MOST_LAYERS) return undefined
  if (typeof value === 'string') return recordsOf(parseJson(value), layer + 1)
  const parts = textParts(value)
  if (parts !== undefined) return firstOf(parts, (part) => recordsOf(part, layer + 1))
  if (Array.isArray(value)) return value.length
  if (typeof value !== 'object' || value === null) return undefined
  const wrapped = own(value, 'content') ?? own(value, 'structuredContent') ?? own(value, 'result')
  const counts = COUNTS.flatMap((name) => {
    const member = own(value, name)
    if (typeof member === 'number' && Number.isSafeInteger(member) && member >= 0) return [member]
    return Array.isArray(member) ? [member.length] : []
  })
  if (counts.length > 0) return Math.max(...counts)
  return wrapped === undefined ? undefined : recordsOf(wrapped, layer + 1)
}

/** `[{"type":"text","text":"..."}]`: parts of one answer, and no records. */
function textParts(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined
  const texts = value.flatMap((part: unknown) => {
    const text = typeof part === 'object' && part !== null ? (own(part, 'text') ?? own(part, 'content')) : undefined
    return own(part, 'type') === 'text' && typeof text === 'string' ? [text] : []
  })
  return texts.length === value.length ? texts : undefined
}

function own(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined
}

function firstOf<T, R>(items: readonly T[], look: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = look(item)
    if (found !== undefined) return found
  }
  return undefined
}
