import { scanOtlp } from '@holdfast/capture'
import { parseSha256, type EntryGroup, type LogEntry, type UnixNano } from '@holdfast/model'
import { recordedRequests } from './recorded-requests.ts'

/** Groups of every request that was recorded of a dialect, in the order of the recording. */
export function recordedGroups(dialect: string): readonly EntryGroup[] {
  return recordedRequests(dialect).flatMap(({ signal, encoding, body, file }) => {
    const scanned = scanOtlp({
      signal,
      encoding,
      body,
      arrival: { instance: 'http:4318', credential: 'loopback', tier: 'self-reported' },
    })
    if (scanned.status === 'malformed') throw new Error(`${file}: ${scanned.message}`)
    return scanned.groups
  })
}

/** The entries that a log would hold had it recorded these groups and nothing else, at a made-up time. */
export function entriesOf(groups: readonly EntryGroup[], recordedAt: UnixNano): readonly LogEntry[] {
  const digest = parseSha256('0'.repeat(64))
  if (digest === undefined) throw new Error('a digest of zeros is a digest')
  return groups
    .flatMap((group) => Array.from(group.starts, (start, i) => ({ group, i, start })))
    .map(({ group, i, start }, index) => ({
      index,
      recordedAt,
      envelope: group.envelope,
      bodyDigest: digest,
      body: group.bytes.subarray(start, group.ends[i]),
      masks: group.masks.get(i) ?? [],
    }))
}
