/** True where the RFC 6901 pointer names a value in the document; the empty pointer names all of it. */
export function resolves(document: unknown, pointer: string): boolean {
  return at(document, pointer) !== undefined
}

/** The value that the pointer names; undefined where it names none. */
export function at(document: unknown, pointer: string): unknown {
  if (pointer === '') return document
  if (!pointer.startsWith('/')) return undefined
  let value: unknown = document
  for (const token of pointer.slice(1).split('/')) {
    if (typeof value !== 'object' || value === null) return undefined
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~')
    // An array has members by number alone; `length` is not in the document.
    if (Array.isArray(value) ? !/^(?:0|[1-9]\d*)$/.test(key) : !Object.hasOwn(value, key)) return undefined
    value = (value as Readonly<Record<string, unknown>>)[key] // own member of an object, or a member of an array
  }
  return value
}

/** One step of a pointer, escaped. */
export function token(name: string | number): string {
  return String(name).replaceAll('~', '~0').replaceAll('/', '~1')
}
