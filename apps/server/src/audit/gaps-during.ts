import { parseRfc3339, parseUnixNanoText, type AuditRowBody, type EventSummary } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import { GAP_DELAY_NS, GAPS_PER_ROW } from './limits.ts'

/** What the log says was lost on the ways in by which these events came, while they happened. */
export function gapsDuring(reader: LogReader, events: readonly EventSummary[]): AuditRowBody['gaps'] {
  const [first] = events
  if (first === undefined) return []
  const channels = new Set(events.map(({ source }) => source.channel))
  let [from, to, entry, recorded] = [
    first.claimedAt as bigint,
    first.claimedAt as bigint,
    first.entry,
    first.recordedAt as bigint,
  ]
  for (const event of events) {
    const until = event.claimedUntil ?? event.claimedAt
    if (event.claimedAt < from) from = event.claimedAt
    if (until > to) to = until
    if (event.entry < entry) entry = event.entry
    if (event.recordedAt > recorded) recorded = event.recordedAt
  }
  const gaps: AuditRowBody['gaps'][number][] = []
  for (const { index, recordedAt, record } of reader.eachControl('gap', { from: entry })) {
    if (recordedAt > recorded + GAP_DELAY_NS || gaps.length === GAPS_PER_ROW) break
    if (!channels.has(record.channel)) continue
    const [begun, ended] = [timeOf(record.from), timeOf(record.to)]
    if (begun === undefined || ended === undefined || begun > to || ended < from) continue
    gaps.push({ entry: index, reason: record.reason, detail: record.detail.slice(0, 300).toWellFormed() })
  }
  return gaps
}

/** Gap records say their times in either form. */
function timeOf(text: string): bigint | undefined {
  return parseUnixNanoText(text) ?? parseRfc3339(text)
}
