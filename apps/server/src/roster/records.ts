import type { RosterRecord } from '@holdfast/declare'
import { formatRfc3339 } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'

/** The decisions of the roster in the log; with `size`, as it was that long. */
export function rosterRecords(reader: Pick<LogReader, 'controls'>, size = Infinity): readonly RosterRecord[] {
  return reader.controls('roster').flatMap(({ index, recordedAt, record }) => {
    if (index >= size) return []
    const { decision, reason, by } = record
    return [{ entry: index, at: formatRfc3339(recordedAt), decision, reason, by }]
  })
}
