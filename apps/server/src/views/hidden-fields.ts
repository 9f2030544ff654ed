import { fieldNames, findFields } from '@holdfast/capture'
import type { LogReader } from '@holdfast/recorder'
import type { HiddenFields } from './messages.ts'

/** What a body is called that nobody can search, and that is hidden whole for that. */
export const UNREADABLE = 'unreadable record'

/**
 * Where the values of fields stand in these entries. A body that is not what its encoding says is hidden whole. Records of
 * Holdfast itself are not searched: they go out as they are, because the statement about all others is one of them.
 */
export function hiddenFields(
  reader: Pick<LogReader, 'entry'>,
  entries: readonly number[],
  redact: readonly string[],
): HiddenFields {
  const fieldOf = fieldNames(redact)
  const ranges: [number, HiddenFields['ranges'] extends ReadonlyMap<number, infer R> ? R : never][] = []
  const found = new Map<string, number>()
  const envelopes = new Set<object>()
  const inEnvelopes = new Set<string>()
  for (const index of entries) {
    const entry = reader.entry(index)
    if (entry?.body === undefined || entry.envelope.channel === 'control') continue
    const { body, envelope } = entry
    const { encoding } = envelope
    const inBody = findFields(body, { encoding }, fieldOf)
    if (inBody.status === 'unreadable') ranges.push([index, [{ from: 0, to: body.length, field: UNREADABLE }]])
    else if (inBody.status === 'searched' && inBody.ranges.length > 0) {
      ranges.push([index, inBody.ranges])
      for (const { field } of inBody.ranges) found.set(field, (found.get(field) ?? 0) + 1)
    }
    // Entries of one segment share the object.
    if (envelopes.has(envelope)) continue
    envelopes.add(envelope)
    for (const part of ['resource', 'scope'] as const) {
      const shared = findFields(envelope[part], { encoding, part }, fieldOf)
      if (shared.status !== 'searched') inEnvelopes.add(UNREADABLE)
      else for (const { field } of shared.ranges) inEnvelopes.add(field)
    }
  }
  return { ranges: new Map(ranges), found, inEnvelopes: [...inEnvelopes] }
}
