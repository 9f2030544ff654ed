import type { LogEntry } from '@holdfast/model'
import type { Json } from './any-value.ts'
import { logFromJson, resourceFromJson, scopeFromJson, spanFromJson } from './json.ts'
import { parseJsonText } from './json-text.ts'
import { decodeLog, decodeResource, decodeScope, decodeSpan } from './proto.ts'
import type { LogRecord, Received, Resource, Scope } from './records.ts'
import { WireError } from './wire.ts'

/** An OTLP entry with its resource and scope, or why it cannot be read. */
export type DecodedEntry =
  | { readonly status: 'decoded'; readonly received: Received }
  | { readonly status: 'undecodable'; readonly reason: string }

/** Decodes an entry whose encoding is one of the four OTLP ones. */
export function decodeEntry(entry: LogEntry, body: Uint8Array): DecodedEntry {
  try {
    return { status: 'decoded', received: decode(entry, body) }
  } catch (error) {
    // Hostile or broken bytes are everyday traffic; the reason is shown on the step that stands for the entry.
    if (error instanceof WireError) return { status: 'undecodable', reason: error.message }
    throw error
  }
}

type Shared = { readonly resource: Resource; readonly scope: Scope }

/** Entries of one segment share their envelope object, so its resource and scope are decoded once. */
const sharedByEnvelope = new WeakMap<LogEntry['envelope'], Shared>()

function decode(entry: LogEntry, body: Uint8Array): Received {
  const isJson = entry.envelope.encoding === 'otlp-span-json' || entry.envelope.encoding === 'otlp-log-json'
  const isSpan = entry.envelope.encoding === 'otlp-span-json' || entry.envelope.encoding === 'otlp-span-proto'
  const shared = sharedByEnvelope.get(entry.envelope) ?? decodeShared(entry, isJson)
  if (isJson) {
    const json = jsonOf(body)
    return { record: isSpan ? spanFromJson(json) : named(logFromJson(json)), ...shared }
  }
  return { record: isSpan ? decodeSpan(body) : named(decodeLog(body)), ...shared }
}

/** Senders before OTLP 1.5 have no field for an event's name and send it as an attribute. */
function named(record: LogRecord): LogRecord {
  const name = record.attributes.get('event.name')
  return record.eventName !== '' || typeof name !== 'string' ? record : { ...record, eventName: name }
}

function decodeShared(entry: LogEntry, isJson: boolean): Shared {
  const { resource, scope } = entry.envelope
  const shared = {
    resource: isJson ? resourceFromJson(jsonOf(resource)) : decodeResource(resource),
    scope: isJson ? scopeFromJson(jsonOf(scope)) : decodeScope(scope),
  }
  sharedByEnvelope.set(entry.envelope, shared)
  return shared
}

function jsonOf(bytes: Uint8Array): Json {
  if (bytes.length === 0) return null
  const json = parseJsonText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'))
  if (json === undefined) throw new WireError('the bytes are not JSON')
  return json
}
