/**
 * Canonical JSON (RFC 8785, JCS) of plain values: keys sorted by UTF-16 code units, no white space, numbers and strings
 * as ECMAScript writes them. `undefined` members are left out, as JSON.stringify does.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return scalar(value)
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    // The default order of sort() is by UTF-16 code units, which is what the RFC asks for.
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${scalar(key)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}

function scalar(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${value} has no JSON form`)
  // RFC 8785 forbids lone surrogates; JSON.stringify escapes them, which keeps the text readable and deterministic.
  const text = JSON.stringify(value)
  if (text === undefined) throw new TypeError(`a ${typeof value} has no JSON form`)
  return text
}
