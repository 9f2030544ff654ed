import { hash } from 'node:crypto'
import type { LogEntry } from '@holdfast/model'
import { parseJsonText } from '../decode/json-text.ts'
import { contentOf } from '../dialects/content.ts'
import { oneEvent } from '../dialects/write-events.ts'
import type { Normalised } from '../normalised.ts'
import { sourceTag } from '../source-tag.ts'
import { parseFrame } from './document.ts'
import { readDocument } from './registry.ts'

/** What one document declares; undefined where the bytes are none that is known. */
export function normaliseDeclared(entry: LogEntry, bytes: Uint8Array): Normalised | undefined {
  const json = parseJsonText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'))
  const framed = json === undefined ? undefined : parseFrame(json)
  const { channel, instance, credential, tier, clock, agent, agentName } = entry.envelope
  const declared = framed === undefined ? undefined : readDocument({ ...framed, agent: { id: agent, name: agentName } })
  if (framed === undefined || declared === undefined) return undefined
  const isMasked = entry.masks.length > 0
  const frame = {
    shared: {
      entry: entry.index,
      recordedAt: entry.recordedAt,
      source: { channel, instance, credential, tier, clock, dialect: declared.format, instrumentation: '' },
      agent: { id: agent, name: agentName },
      context: { session: `${agent}~declared` },
    },
    // A document that does not say since when it holds is known to hold when it is recorded.
    start: framed.at ?? entry.recordedAt,
    idPrefix: `declared.${sourceTag(entry.envelope)}.${hash('sha256', bytes, 'hex').slice(0, 24)}`,
    isMasked,
  }
  const { format, components, grants, bindings, facts } = declared
  const body = {
    kind: 'declaration',
    format,
    document: framed.document,
    components,
    grants,
    bindings,
    facts,
    content: contentOf({ value: framed.content }, isMasked),
  } as const
  return { events: [oneEvent(frame, 'declaration', body)], dialect: format, mapped: 1, unmapped: [], cut: 0 }
}
