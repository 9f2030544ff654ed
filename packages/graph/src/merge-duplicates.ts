import type { EventSummary } from '@holdfast/model'
import { TRUST_TIERS } from '@holdfast/model'

/**
 * One event of two that claim the same id. The stronger tier wins, then the one whose own words come first in byte
 * order: nothing that depends on arrival decides. The entry is the smallest, so that slots of one record, which are
 * grouped by entry, stay together whichever copy of the record each came from.
 */
export function mergeDuplicates(a: EventSummary, b: EventSummary): EventSummary {
  const chosen = prefer(a, b)
  const entry = Math.min(a.entry, b.entry)
  return chosen.entry === entry ? chosen : { ...chosen, entry }
}

function prefer(a: EventSummary, b: EventSummary): EventSummary {
  const byTier = TRUST_TIERS.indexOf(a.source.tier) - TRUST_TIERS.indexOf(b.source.tier)
  if (byTier !== 0) return byTier < 0 ? a : b
  return wordsOf(a) <= wordsOf(b) ? a : b
}

/** All that the source said, without what arrival added. */
function wordsOf(event: EventSummary): string {
  return JSON.stringify({ ...event, entry: 0, recordedAt: 0 }, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : sortKeys(value),
  )
}

function sortKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
}
