/** What may differ between two logs that hold the same: where it stands, and what was known when. */
const POSITIONS: ReadonlySet<string> = new Set(['stages', 'entries', 'lastActEntry', 'entry', 'history', 'standing'])

/** The same as JSON, without where a log holds it and when it was known. */
export function withoutPositions(found: unknown): unknown {
  return JSON.parse(JSON.stringify(found, (key, value: unknown) => (POSITIONS.has(key) ? undefined : value)))
}
