import { hash } from 'node:crypto'
import { parseConversationId, parseUnixNano } from '@holdfast/model'
import type { AgentRef, Event, EventContext, LogEntry, UnixNano } from '@holdfast/model'
import { normaliseChange } from './change/normalise-change.ts'
import { normaliseDeclared } from './declared/normalise-declared.ts'
import { decodeEntry } from './decode/decode-entry.ts'
import type { Received } from './decode/records.ts'
import { AttributeReader } from './dialects/attribute-reader.ts'
import { conversationOf } from './dialects/conversation.ts'
import type { Dialect, Reading } from './dialects/dialect.ts'
import { readHoldfast } from './dialects/holdfast.ts'
import { readIdentities } from './dialects/identity.ts'
import { dialectOf } from './dialects/registry.ts'
import { otelSemconv } from './dialects/semconv.ts'
import { oneEvent, writeEvents } from './dialects/write-events.ts'
import type { EventFrame } from './dialects/write-events.ts'
import type { Act } from './dialects/act.ts'
import { normaliseErased } from './erased-entry.ts'
import { normaliseAuthority } from './authority/normalise-authority.ts'
import { normaliseExchange } from './llm/normalise-exchange.ts'
import { normaliseFalco } from './falco/normalise-falco.ts'
import { normaliseRun } from './import/normalise-run.ts'
import { normaliseMcp } from './mcp/normalise-mcp.ts'
import { normaliseControl } from './normalise-control.ts'
import type { Normalised } from './normalised.ts'
import { normaliseRecord } from './sensor/normalise-record.ts'
import { sourceTag } from './source-tag.ts'
import { normaliseTetragon } from './tetragon/normalise-tetragon.ts'

export type { Normalised } from './normalised.ts'

/**
 * Reads one log entry. Pure: the same entry always gives the same events, whatever came before it. Never throws: what
 * cannot be decoded becomes one `step` event that is not mapped and says why. An entry whose content key was destroyed
 * gives one `step` of the dialect `erased`, so that what is gone still shows.
 */
export function normalise(entry: LogEntry): Normalised {
  if (entry.body === undefined) return normaliseErased(entry)
  try {
    switch (entry.envelope.encoding) {
      case 'control-json':
        return normaliseControl(entry, entry.body)
      case 'run-json':
        return normaliseRun(entry, entry.body) ?? unreadable(entry, 'the bytes are not a message of an imported run')
      case 'sensor-record':
        return normaliseRecord(entry, entry.body) ?? unreadable(entry, 'the bytes are not a record of a kernel sensor')
      case 'http-exchange':
        return normaliseExchange(entry, entry.body) ?? unreadable(entry, 'the bytes are not an HTTP exchange')
      case 'tetragon-json':
        return normaliseTetragon(entry, entry.body) ?? unreadable(entry, 'the bytes are not an event of Tetragon')
      case 'falco-json':
        return normaliseFalco(entry, entry.body) ?? unreadable(entry, 'the bytes are not an alert of Falco')
      case 'change-json':
        return normaliseChange(entry, entry.body) ?? unreadable(entry, 'the bytes are not a record of a change')
      case 'mcp-message':
        return normaliseMcp(entry, entry.body) ?? unreadable(entry, 'the bytes are not a message of an MCP proxy')
      case 'declared-document':
        return normaliseDeclared(entry, entry.body) ?? unreadable(entry, 'the bytes are not a document that is known')
      case 'cloudtrail-json':
      case 'kubernetes-audit-json':
      case 'gcp-audit-json':
      case 'azure-activity-json':
      case 'entra-audit-json':
      case 'openai-audit-json':
      case 'anthropic-audit-json':
        return normaliseAuthority(entry, entry.body) ?? unreadable(entry, 'the bytes are not a record of an audit log')
      case 'otlp-span-proto':
      case 'otlp-span-json':
      case 'otlp-log-proto':
      case 'otlp-log-json': {
        const decoded = decodeEntry(entry, entry.body)
        return decoded.status === 'decoded' ? normaliseOtlp(entry, decoded.received) : unreadable(entry, decoded.reason)
      }
    }
  } catch (error) {
    // A record that breaks a dialect must not stop the projection: it is kept, shown and counted as unmapped.
    return unreadable(entry, error instanceof Error ? error.message : 'unknown error')
  }
}

function normaliseOtlp(entry: LogEntry, received: Received): Normalised {
  const { record } = received
  const reader = new AttributeReader(record.attributes)
  const dialect = dialectOf(received)
  const reading = readRecord(dialect, received, reader)
  for (const key of NAMES_OF_THE_STACK) reader.value(key)
  const added = readHoldfast(reader, entry.envelope.agentName)
  const own = added.replacesDocuments ? reading.acts.filter((act) => act.kind !== 'documents') : reading.acts
  const acts = [...own, ...added.acts]
  const identities = readIdentities(reader, received.resource.attributes)
  const isActing =
    acts.some((act) => ACTING.has(act.kind)) ||
    identities.some((identity) => identity.statedBy === 'holdfast.identity.principal')
  const frame = frameOf({
    entry,
    received,
    dialect: dialect?.name ?? 'unknown',
    reading,
    conversation: reading.conversation ?? conversationOf(reader),
  })
  const unmapped = reader.unread()
  const written = writeEvents(isActing ? [...acts, ...identities] : acts, frame)
  const isMapped = dialect !== undefined || acts.length > 0
  const step = {
    kind: 'step',
    name: reading.stepName ?? stepName(received),
    mapped: isMapped,
    unmapped,
    ...errorText(received),
  } as const
  return {
    events: written.events.length === 0 ? [oneEvent(frame, 'step', step)] : written.events,
    dialect: dialect?.name ?? 'unknown',
    mapped: reader.readCount,
    unmapped,
    cut: record.cut + written.cut,
  }
}

/**
 * Libraries add their own attributes to every span of the process, also to HTTP and database spans: what the library
 * has nothing to say about is still a request that left.
 */
function readRecord(dialect: Dialect | undefined, received: Received, reader: AttributeReader): Reading {
  const reading = dialect?.read(received, reader) ?? { acts: [] }
  if (reading.acts.length > 0 || dialect === otelSemconv || !otelSemconv.recognises(received)) return reading
  return { ...reading, acts: otelSemconv.read(received, reader).acts }
}

/** Repeated on structural spans as well, where they add nothing to what the acting spans say. */
const NAMES_OF_THE_STACK = [
  'gen_ai.system',
  'gen_ai.provider.name',
  'gen_ai.operation.name',
  'gen_ai.agent.name',
  'gen_ai.agent.id',
]

/** Acts of which it matters as whom they were done. */
const ACTING: ReadonlySet<Act['kind']> = new Set([
  'inference',
  'tool',
  'documents',
  'memory',
  'invocation',
  'delegation',
  'egress',
])

type FrameParts = {
  readonly entry: LogEntry
  readonly received: Received
  readonly dialect: string
  readonly reading: Reading
  readonly conversation: string | undefined
}

function frameOf({ entry, received, dialect, reading, conversation }: FrameParts): EventFrame {
  const { record, scope } = received
  const { envelope } = entry
  const isSpan = record.kind === 'span'
  return {
    shared: {
      entry: entry.index,
      recordedAt: entry.recordedAt,
      source: sourceOf(
        entry,
        dialect,
        [scope.name, scope.version]
          .filter((part) => part !== '')
          .join(' ')
          .slice(0, 256),
      ),
      agent: agentRef(entry, received, reading),
      context: contextOf(received, conversation, envelope.agent),
    },
    start: isSpan ? record.start : record.time,
    ...(isSpan && record.end >= record.start ? { end: record.end } : {}),
    idPrefix: idPrefix(entry, received),
    isMasked: entry.masks.length > 0,
  }
}

function sourceOf(entry: LogEntry, dialect: string, instrumentation: string): Event['source'] {
  const { channel, instance, credential, tier, clock } = entry.envelope
  return { channel, instance, credential, tier, clock, dialect, instrumentation }
}

function agentRef(entry: LogEntry, { resource }: Received, reading: Reading): AgentRef {
  const text = (key: string): string | undefined => {
    const value = resource.attributes.get(key)
    if (typeof value === 'number' || typeof value === 'bigint') return value.toString()
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const version = text('service.version')
  const instance = text('k8s.pod.name') ?? text('container.id') ?? text('service.instance.id') ?? text('process.pid')
  return {
    id: entry.envelope.agent,
    name: entry.envelope.agentName,
    ...(reading.member === undefined ? {} : { member: reading.member.slice(0, 256) }),
    ...(version === undefined ? {} : { version: version.slice(0, 256) }),
    ...(instance === undefined ? {} : { instance: instance.slice(0, 256) }),
  }
}

function contextOf({ record }: Received, stated: string | undefined, agent: string): EventContext {
  const conversation = stated === undefined ? undefined : parseConversationId(stated)
  const links = record.kind === 'span' && record.links.length > 0 ? { links: record.links } : {}
  return {
    ...(conversation === undefined ? {} : { conversation }),
    ...(record.trace === undefined ? { session: `${agent}~${conversation ?? '-'}` } : { trace: record.trace }),
    ...(record.span === undefined ? {} : { span: record.span }),
    ...(record.kind === 'span' && record.parentSpan !== undefined ? { parentSpan: record.parentSpan } : {}),
    ...links,
  }
}

function idPrefix(entry: LogEntry, { record }: Received): string {
  const who = sourceTag(entry.envelope)
  if (record.trace === undefined) return `${record.kind}.${who}.${ownDigest(entry).slice(0, 24)}`
  if (record.kind === 'log') return `${record.trace}.${record.span ?? '-'}.${who}.log.${ownDigest(entry).slice(0, 12)}`
  return record.span === undefined
    ? `${record.trace}.span.${who}.${ownDigest(entry).slice(0, 24)}`
    : `${record.trace}.${record.span}.${who}`
}

function stepName({ record }: Received): string {
  if (record.kind === 'span') return record.name.slice(0, 256)
  if (record.eventName !== '') return record.eventName.slice(0, 256)
  return typeof record.body === 'string' ? record.body.slice(0, 256) : 'log record'
}

function errorText({ record }: Received): { readonly error?: string } {
  if (record.kind !== 'span' || record.statusCode !== 2) return {}
  return { error: record.statusMessage === '' ? 'error' : record.statusMessage.slice(0, 4096) }
}

function unreadable(entry: LogEntry, reason: string): Normalised {
  const zero = parseUnixNano(0n) as UnixNano // 0 is in range
  const frame: EventFrame = {
    shared: {
      entry: entry.index,
      recordedAt: entry.recordedAt,
      source: sourceOf(entry, 'unknown', ''),
      agent: { id: entry.envelope.agent, name: entry.envelope.agentName },
      context: { session: `${entry.envelope.agent}~-` },
    },
    start: zero,
    idPrefix: `raw.${sourceTag(entry.envelope)}.${ownDigest(entry).slice(0, 24)}`,
    isMasked: entry.masks.length > 0,
  }
  const body = {
    kind: 'step',
    name: 'unreadable record',
    mapped: false,
    error: reason.slice(0, 4096),
    unmapped: [],
  } as const
  return { events: [oneEvent(frame, 'step', body)], dialect: 'unknown', mapped: 0, unmapped: [], cut: 0 }
}

/**
 * SHA-256 of the bytes that came. The leaf's digest is salted with the log's own key: two logs of one recording would
 * name its events differently.
 */
function ownDigest({ body, bodyDigest }: LogEntry): string {
  return body === undefined ? bodyDigest : hash('sha256', body, 'hex')
}
