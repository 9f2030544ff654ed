import type { Json } from './any-value.ts'
import { MAX_JSON_DEPTH } from './limits.ts'

/**
 * JSON text to a value; undefined for anything that is not JSON, or nests deeper than {@link MAX_JSON_DEPTH}. Integers
 * that a double cannot hold become bigint, so that an order number is shown as it was sent. Untrusted.
 */
export function parseJsonText(text: string): Json | undefined {
  if (text.length > SHALLOW_CHARS && depthOf(text) > MAX_JSON_DEPTH) return undefined
  try {
    // Reviving costs several times the parse, so only text that holds a long number pays for it.
    return LONG_NUMBER.test(text) ? (JSON.parse(text, keepLongIntegers) as Json) : (JSON.parse(text) as Json)
  } catch {
    // Not JSON: the caller shows the text as it is, so nothing is lost.
    return undefined
  }
}

/** The same, for a text that must be an object or a list to count as JSON. */
export function parseJsonStructure(text: string): Json | undefined {
  const first = /^\s*([[{])/.exec(text)
  return first === null ? undefined : parseJsonText(text)
}

/** JSON text of a value, keys in the order in which they came; bigint as plain digits. */
export function writeJsonText(value: Json): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? rawJson(item.toString()) : item))
}

/** A text this short cannot nest deep enough to exhaust the stack of parse or stringify. */
const SHALLOW_CHARS = 4096
/** Digits in a text, as OTLP writes its times and ids, follow a quote or a letter; those of a number never do. */
const LONG_NUMBER = /(?:^|[\s:,[-])[0-9]{16}/

function keepLongIntegers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const source = context?.source
  return source !== undefined && /^-?[0-9]{1,400}$/.test(source) ? BigInt(source) : value
}

function rawJson(digits: string): unknown {
  // JSON.rawJSON is in Node 24 but not yet in the es2025 typings.
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(digits)
}

function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x22) i = endOfString(text, i + 1)
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > deepest) deepest = depth
      if (deepest > MAX_JSON_DEPTH) return deepest
    } else if (code === 0x7d || code === 0x5d) depth--
  }
  return deepest
}

/** Where the string that begins at `from` ends: at the next quote that no backslash escapes. Strings are most of a text. */
function endOfString(text: string, from: number): number {
  for (let quote = text.indexOf('"', from); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0
    while (quote - backslashes > from && text.charCodeAt(quote - backslashes - 1) === 0x5c) backslashes++
    if (backslashes % 2 === 0) return quote
  }
  return text.length
}
