import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { scanOtlp } from '@holdfast/capture'
import { parseSha256, type EntryGroup, type LogEntry, type UnixNano } from '@holdfast/model'

const DIALECTS = join(import.meta.dirname, '..', '..', '..', '..', 'fixtures', 'dialects')

/** Groups of every request that was recorded of a dialect, in the order of the recording. */
export function recordedGroups(dialect: string): readonly EntryGroup[] {
  const folder = join(DIALECTS, dialect)
  return readdirSync(folder)
    .toSorted()
    .flatMap((file) => {
      const [, signal, format] = /^\d+\.(traces|logs)\.(pb|json)$/.exec(file) ?? []
      if (signal === undefined) return []
      const scanned = scanOtlp({
        signal: signal === 'logs' ? 'logs' : 'traces',
        encoding: format === 'pb' ? 'proto' : 'json',
        body: readFileSync(join(folder, file)),
        arrival: { instance: 'http:4318', credential: 'loopback', tier: 'self-reported' },
      })
      if (scanned.status === 'malformed') throw new Error(`${dialect}/${file}: ${scanned.message}`)
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
