/** A record that a rule is tested with, and what is expected of it. */
export type Sample = { readonly text: string; readonly isExpected: boolean; readonly rule: string }

/**
 * Reads a line of a set of rule tests: `{"rule", "expected", "log"}`, where `log` is the record. Undefined for any other
 * line. Fields that an ingestion put into the record (`p_...`) are taken out. Untrusted.
 */
export function parseSample(line: string): Sample | undefined {
  if (!line.includes('"expected"') || !line.includes('"log"')) return undefined
  try {
    const { expected, log, rule } = JSON.parse(line) as Readonly<Record<string, unknown>> // looked at before it is used
    if (typeof expected !== 'boolean' || typeof log !== 'object' || log === null) return undefined
    const own = Object.fromEntries(Object.entries(log).filter(([key]) => !key.startsWith('p_')))
    return { text: JSON.stringify(own), isExpected: expected, rule: typeof rule === 'string' ? rule : '' }
  } catch {
    // Not JSON: no sample.
    return undefined
  }
}
