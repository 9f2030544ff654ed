/** JSON that must be in canonical form (RFC 8785) with one newline after it: another spelling is a changed file. */
export function parseStrictJson(text: string): { readonly value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return `${canonical(value, 0)}\n` === text ? { value } : undefined
  } catch {
    // Not JSON, or nested beyond reason: the caller names the file.
    return undefined
  }
}

/** Canonical form of a value that came out of JSON; undefined where it is nested beyond reason. */
export function canonicalText(value: unknown): string | undefined {
  try {
    return canonical(value, 0)
  } catch {
    // Too deep: equal to nothing.
    return undefined
  }
}

const MAX_DEPTH = 200

function canonical(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH) throw new RangeError('nested too deeply')
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member, depth + 1)}`).join(',')}}`
}

/**
 * Whether some object in a JSON text names a member twice. Of two, parsers keep the last, and people read the first: nothing
 * that is signed over parsed values shows the other. `value` is what the text was parsed to.
 */
export function hasRepeatedMembers(text: string, value: unknown): boolean {
  // Outside strings a colon stands after the name of a member and nowhere else.
  const named = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').replaceAll(/[^:]+/g, '').length
  return named !== membersOf(value, 0)
}

function membersOf(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0
  if (depth > MAX_DEPTH) throw new RangeError('nested too deeply')
  const inside = Object.values(value).reduce<number>((sum, one) => sum + membersOf(one, depth + 1), 0)
  return Array.isArray(value) ? inside : inside + Object.keys(value).length
}

/** A member of an object that came out of JSON; never one of Object.prototype. */
export function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return Reflect.get(value, name)
}
