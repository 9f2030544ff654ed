import { isJsonArray, isJsonObject } from './any-value.ts'
import type { Json } from './any-value.ts'
import { parseJsonText } from './json-text.ts'
import { MAX_INNER_JSON } from '../mcp/limits.ts'

/**
 * The texts in a body: those of its JSON, keys among them, JSON within texts read as such, and the body as it is. An escape
 * hides nothing then. Untrusted.
 */
export function textsIn(body: Uint8Array): readonly string[] {
  const whole = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')
  const found: string[] = [whole]
  const look = (value: Json | undefined, depth: number): void => {
    if (typeof value === 'string') {
      found.push(value)
      if (depth < MAX_INNER_JSON && /^\s*[[{]/.test(value)) look(parseJsonText(value), depth + 1)
    } else if (isJsonArray(value)) for (const each of value) look(each, depth)
    else if (isJsonObject(value))
      for (const [key, each] of Object.entries(value)) {
        found.push(key)
        look(each, depth)
      }
  }
  look(parseJsonText(whole), 0)
  return found
}
