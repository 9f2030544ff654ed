export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export type JsonObject = { readonly [key: string]: Json | undefined }
export type Path = readonly string[]

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function objectAt(value: Json | undefined, ...path: Path): JsonObject {
  const found = at(value, path)
  return isObject(found) ? found : {}
}

export function textAt(value: Json | undefined, ...path: Path): string | undefined {
  const found = at(value, path)
  return typeof found === 'string' ? found : undefined
}

export function at(value: Json | undefined, path: Path): Json | undefined {
  return path.reduce<Json | undefined>(
    (inner, key) => (isObject(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
    value,
  )
}

/** The value with another one at a path; without that member where `inner` is undefined. Empty objects stay. */
export function withAt(value: JsonObject, path: Path, inner: Json | undefined): JsonObject {
  const [key, ...rest] = path
  if (key === undefined) return value
  const { [key]: before, ...others } = value
  const next = rest.length === 0 ? inner : withAt(isObject(before) ? before : {}, rest, inner)
  return next === undefined ? others : { ...others, [key]: next }
}

export function isSame(a: Json | undefined, b: Json | undefined): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
}

function sorted(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((one: Json) => sorted(one) ?? null)
  if (!isObject(value)) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)]))
}

/** A value as an error message shows it. */
export function told(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null)
}
