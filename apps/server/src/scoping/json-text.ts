import { RESULT_CHARS } from './limits.ts'

/** JSON of a captured text; undefined where it is none, or too long to be looked at. Untrusted. */
export function parseJson(text: string): unknown {
  const first = text.trimStart().charAt(0)
  if (text.length > RESULT_CHARS || (first !== '{' && first !== '[' && first !== '"')) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    // A text that only looks like JSON is a text.
    return undefined
  }
}
