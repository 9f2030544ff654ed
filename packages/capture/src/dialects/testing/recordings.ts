import { hash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseSha256 } from '@holdfast/model'
import type { EntryGroup, LogEntry } from '@holdfast/model'
import { scanOtlp } from '../../otlp/scan.ts'
import { nano } from './entries.ts'

/** Where the recorded requests of real libraries are. */
export const RECORDINGS = join(import.meta.dirname, '../../../../../fixtures/dialects')

/** Every folder with recorded requests, by its path under the recordings: `otel-genai`, `otel-genai/content-off`. */
export function recordingNames(): readonly string[] {
  return foldersUnder(RECORDINGS)
    .filter((folder) => requestsIn(folder).length > 0)
    .map((folder) => relative(RECORDINGS, folder))
    .toSorted()
}

/** The log entries that a recording's requests become on the way in. */
export function entriesOfRecording(name: string): readonly LogEntry[] {
  const folder = join(RECORDINGS, name)
  const entries: LogEntry[] = []
  for (const file of requestsIn(folder)) {
    const scanned = scanOtlp({
      signal: file.includes('.logs.') ? 'logs' : 'traces',
      encoding: file.endsWith('.pb') ? 'proto' : 'json',
      body: new Uint8Array(readFileSync(join(folder, file))),
      arrival: { instance: 'http:4318', credential: 'loopback', tier: 'self-reported' },
    })
    if (scanned.status !== 'scanned') throw new Error(`${name}/${file}: ${scanned.message}`)
    entries.push(...entriesOfGroups(scanned.groups, entries.length))
  }
  return entries
}

/** Entries as a recorder would number and give them back. */
export function entriesOfGroups(groups: readonly EntryGroup[], first = 0): readonly LogEntry[] {
  const entries: LogEntry[] = []
  for (const group of groups) {
    for (let i = 0; i < group.starts.length; i++) {
      const body = group.bytes.subarray(group.starts[i], group.ends[i])
      entries.push({
        index: first + entries.length,
        recordedAt: nano(0n),
        envelope: group.envelope,
        bodyDigest: parseSha256(hash('sha256', body, 'hex'))!,
        body,
        masks: group.masks.get(i) ?? [],
      })
    }
  }
  return entries
}

function requestsIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((file) => /^[0-9]+\.(traces|logs)\.(pb|json)$/.test(file))
    .toSorted()
}

function foldersUnder(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  const inner = readdirSync(folder, { withFileTypes: true }).filter((item) => item.isDirectory())
  return [folder, ...inner.flatMap((item) => foldersUnder(join(folder, item.name)))]
}
