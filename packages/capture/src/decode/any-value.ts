import { MAX_NESTING } from './limits.ts'

/**
 * An OTLP AnyValue. Integers that a double cannot hold are bigint; a value that was never set is null. Keys were chosen
 * by the sender, so they are keys of a Map. Untrusted.
 */
export type AnyValue = string | number | bigint | boolean | null | Uint8Array | readonly AnyValue[] | AttributeMap

export type AttributeMap = ReadonlyMap<string, AnyValue>

/** Plain JSON as `JSON.parse` gives it. Read fields with {@link field} only: the keys are the sender's. */
export type Json = string | number | bigint | boolean | null | readonly Json[] | JsonObject
export type JsonObject = { readonly [key: string]: Json }

export function isAttributeMap(value: AnyValue | undefined): value is AttributeMap {
  return value instanceof Map
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isJsonArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}

/** The named field if the object has it itself: never what it inherits, so `constructor` is only there if it was sent. */
export function field(object: Json | undefined, ...names: readonly string[]): Json | undefined {
  if (!isJsonObject(object)) return undefined
  for (const name of names) {
    if (!Object.hasOwn(object, name)) continue
    const value = object[name]
    if (value !== undefined && value !== null) return value
  }
  return undefined
}

/** The named field where it is a text that is not empty. */
export function textField(object: Json | undefined, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = field(object, name)
    if (typeof value === 'string' && value !== '') return value
  }
  return undefined
}

/** A structured attribute as plain JSON; bytes become base64, as OTLP/JSON has it. */
export function toJson(value: AnyValue, depth = 0): Json {
  if (typeof value !== 'object' || value === null) return value
  // The decoders stop at this depth too; the check keeps the recursion bounded whoever made the value.
  if (depth >= MAX_NESTING) return null
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (isAttributeMap(value)) {
    // Without a prototype even the key `__proto__` is an ordinary field.
    const object = Object.create(null) as { [key: string]: Json }
    for (const [key, item] of value) object[key] = toJson(item, depth + 1)
    return object
  }
  return value.map((item) => toJson(item, depth + 1))
}
