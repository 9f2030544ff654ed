import { IDENTITY_ATTRIBUTES } from './identity.ts'

/**
 * Attributes of a `Resource` in OTLP/JSON that say whose it is. The bytes are valid JSON of at most 64 KiB and 64
 * levels, so that `JSON.parse` of this one part is cheap; names chosen by the sender become keys of a `Map` only.
 */
export function resourceAttributes(resource: Uint8Array): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  if (resource.length === 0) return found
  for (const attribute of arrayOf(fieldOf(parse(resource), 'attributes'))) {
    const key = fieldOf(attribute, 'key')
    const value =
      fieldOf(fieldOf(attribute, 'value'), 'stringValue') ?? fieldOf(fieldOf(attribute, 'value'), 'string_value')
    const isWanted = typeof key === 'string' && typeof value === 'string' && IDENTITY_ATTRIBUTES.has(key)
    if (isWanted) found.set(key, value.slice(0, 1_024))
  }
  return found
}

function parse(resource: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(resource.buffer, resource.byteOffset, resource.byteLength).toString('utf8'))
  } catch {
    // The text was validated, so this is not reached; a resource without attributes is the safe reading of a surprise.
    return undefined
  }
}

function fieldOf(value: unknown, name: string): unknown {
  // `in` is not used: only own members count, whatever stands on a prototype.
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined
}

function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
