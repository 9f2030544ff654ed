import type { EntryGroup } from '@holdfast/model'
import { isJsonArray } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { writeJsonText } from '../decode/json-text.ts'
import { ForeignEntries } from '../import/foreign-entries.ts'
import { authorityRecord, authorityRecords } from './record.ts'

export type ScannedAuthority = {
  readonly groups: readonly EntryGroup[]
  readonly accepted: number
  /** Records that no reader knows, or that are too large, and why the first of them was left out. */
  readonly rejected: number
  readonly why?: string
}

/**
 * The entries of what an authority pushes: one record, a list, EventBridge's envelope, or a webhook's `EventList`. Their
 * clock is the authority's own, live. Pure, never throws; credentials are masked here.
 */
export function scanAuthority(
  json: Json,
  arrival: { readonly instance: string; readonly credential: string },
): ScannedAuthority {
  const entries = new ForeignEntries(arrival)
  const items = isJsonArray(json) ? json : [json]
  const records = items.flatMap((item) => authorityRecords(item) ?? [item])
  const refused = records.flatMap((record) => {
    const event = authorityRecord(record)
    return (
      (event === undefined ? 'no record of an audit log that is known' : entries.add(event, writeJsonText(record))) ??
      []
    )
  })
  const groups = entries
    .finish()
    .map((group) => ({ ...group, envelope: { ...group.envelope, clock: 'live' as const } }))
  const [why] = refused
  return { groups, accepted: entries.accepted, rejected: refused.length, ...(why === undefined ? {} : { why }) }
}
