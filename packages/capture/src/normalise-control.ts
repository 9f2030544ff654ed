import type { ControlRecord, LogEntry } from '@holdfast/model'
import type { Normalised } from './normalised.ts'
import { oneEvent } from './dialects/write-events.ts'
import { parseJsonText } from './decode/json-text.ts'
import { isJsonObject } from './decode/any-value.ts'

/** A record that the product itself wrote. Its bytes come from our own log, so only its being JSON is checked. */
export function normaliseControl(entry: LogEntry, body: Uint8Array): Normalised {
  const json = parseJsonText(Buffer.from(body).toString('utf8'))
  const { channel, instance, credential, tier, clock } = entry.envelope
  const frame = {
    shared: {
      entry: entry.index,
      recordedAt: entry.recordedAt,
      source: { channel, instance, credential, tier, clock, dialect: 'control', instrumentation: '' },
      agent: { id: entry.envelope.agent, name: entry.envelope.agentName },
      context: { session: `${entry.envelope.agent}~control` },
    },
    start: entry.recordedAt,
    // Two equal control records are two acts: the position tells them apart, and nobody else can send them.
    idPrefix: `control.${entry.index}.${entry.bodyDigest.slice(0, 12)}`,
    isMasked: false,
  }
  if (!isJsonObject(json) || typeof json['kind'] !== 'string') {
    const step = {
      kind: 'step',
      name: 'unreadable control record',
      mapped: false,
      error: 'the bytes are not a control record',
      unmapped: [],
    } as const
    return { events: [oneEvent(frame, 'step', step)], dialect: 'control', mapped: 0, unmapped: [], cut: 0 }
  }
  // The recorder admits `control-json` from the program itself only, which wrote it from this type.
  const record = json as unknown as ControlRecord
  return {
    events: [oneEvent(frame, 'control', { kind: 'control', record })],
    dialect: 'control',
    mapped: 1,
    unmapped: [],
    cut: 0,
  }
}
