import { RESULT_CHARS } from './limits.ts'

const LISTS = ['rows', 'items', 'results', 'records', 'data', 'entries', 'documents', 'hits']

/** Rows in a tool's result: members of the list that it is, or of the one list it holds under a usual name. Untrusted text. */
export function rowsIn(text: string): number | undefined {
  if (text.length > RESULT_CHARS || !/^\s*[[{]/.test(text)) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // Text that only begins like JSON has no rows to count.
    return undefined
  }
  if (Array.isArray(value)) return value.length
  const fields = new Map(Object.entries(value as object)) // it began with a brace and parsed
  for (const name of LISTS) {
    const list = fields.get(name)
    if (Array.isArray(list)) return list.length
  }
  return undefined
}
