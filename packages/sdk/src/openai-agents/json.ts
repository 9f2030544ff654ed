export type JsonRecord = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The first of `keys` that holds a text. The library spells the same field in camel case and in snake case. */
export function textOf(value: unknown, ...keys: readonly string[]): string | undefined {
  if (!isRecord(value)) return undefined
  for (const key of keys) {
    const text = value[key]
    if (typeof text === 'string') return text
  }
  return undefined
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** JSON text of anything, undefined where it has none: a cycle or a bigint must not break the agent. */
export function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    // The value cannot be told as JSON; the attribute is left out, which reads as "not captured".
    return undefined
  }
}

/** What a JSON text says, or the text itself where it is none: models write broken JSON now and then. */
export function parsedOrText(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    // Shown as it was written.
    return text
  }
}
