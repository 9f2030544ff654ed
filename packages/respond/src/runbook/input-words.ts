/** What somebody wrote where a name was asked for, in words: an object may not even have a text of its own. */
export function inputWords(input: unknown): string {
  if (typeof input === 'string') return `"${input}"`
  if (typeof input === 'number' || typeof input === 'boolean') return String(input)
  return input === null ? 'null' : Array.isArray(input) ? 'a list' : `something of type ${typeof input}`
}
