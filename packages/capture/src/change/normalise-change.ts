import { hash } from 'node:crypto'
import type { EventBody, LogEntry } from '@holdfast/model'
import { parseJsonText } from '../decode/json-text.ts'
import { writeBodies } from '../dialects/write-events.ts'
import type { Normalised } from '../normalised.ts'
import { sourceTag } from '../source-tag.ts'
import { readChange } from './record.ts'

/** Reads one change record; undefined where the bytes are none. One record may state several changes, or none. */
export function normaliseChange(entry: LogEntry, bytes: Uint8Array): Normalised | undefined {
  const json = parseJsonText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'))
  const read = json === undefined ? undefined : readChange(json)
  if (read === undefined) return undefined
  const { channel, instance, credential, tier, clock, agent, agentName } = entry.envelope
  const frame = {
    shared: {
      entry: entry.index,
      recordedAt: entry.recordedAt,
      source: { channel, instance, credential, tier, clock, dialect: read.dialect, instrumentation: '' },
      agent: { id: agent, name: agentName },
      context: { session: `${agent}~changes` },
    },
    start: read.at,
    idPrefix: `change.${sourceTag(entry.envelope)}.${hash('sha256', bytes, 'hex').slice(0, 24)}`,
    isMasked: entry.masks.length > 0,
  }
  const changes = read.changes.map((change): EventBody => ({ kind: 'change', ...change }))
  // A record that changes nothing is kept and shown for what it is.
  const step: EventBody = { kind: 'step', name: `${read.dialect} record`, mapped: true, unmapped: [] }
  const bodies = changes.length === 0 ? [step] : changes
  return { events: writeBodies(bodies, frame), dialect: read.dialect, mapped: 1, unmapped: [], cut: 0 }
}
