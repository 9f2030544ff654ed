import { hash } from 'node:crypto'
import { agentIdOf, parseSha256, parseUnixNano } from '@holdfast/model'
import type { BodyEncoding, LogEntry, Mask, UnixNano } from '@holdfast/model'

export type TestValue = string | number | boolean | readonly TestValue[] | { readonly [key: string]: TestValue }
export type TestAttributes = { readonly [key: string]: TestValue }

export type TestSpan = {
  readonly name: string
  readonly attributes: TestAttributes
  readonly kind?: number
  readonly parent?: string
  readonly traceState?: string
  readonly flags?: number
  readonly scope?: string
  readonly resource?: TestAttributes
  readonly events?: readonly { readonly name: string; readonly attributes: TestAttributes }[]
  readonly status?: { readonly code: number; readonly message?: string }
  readonly masks?: readonly Mask[]
}

export type TestLog = {
  readonly eventName?: string
  readonly body?: TestValue
  readonly attributes: TestAttributes
  readonly scope?: string
  readonly resource?: TestAttributes
  readonly trace?: false
}

/** One span as the recorder would give it back, in OTLP/JSON. */
export function spanEntry(span: TestSpan): LogEntry {
  const json = {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    ...(span.parent === undefined ? {} : { parentSpanId: span.parent }),
    ...(span.traceState === undefined ? {} : { traceState: span.traceState }),
    ...(span.flags === undefined ? {} : { flags: span.flags }),
    name: span.name,
    kind: span.kind ?? 1,
    startTimeUnixNano: '1000',
    endTimeUnixNano: '2000',
    attributes: keyValues(span.attributes),
    events: (span.events ?? []).map((event) => ({
      name: event.name,
      timeUnixNano: '1500',
      attributes: keyValues(event.attributes),
    })),
    status: span.status ?? {},
  }
  return entryOf({
    json,
    encoding: 'otlp-span-json',
    scope: span.scope ?? 'test',
    resource: span.resource ?? {},
    masks: span.masks ?? [],
  })
}

/** One log record as the recorder would give it back, in OTLP/JSON. */
export function logEntry(log: TestLog): LogEntry {
  const json = {
    ...(log.trace === false ? {} : { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }),
    timeUnixNano: '1500',
    ...(log.eventName === undefined ? {} : { eventName: log.eventName }),
    ...(log.body === undefined ? {} : { body: anyValue(log.body) }),
    attributes: keyValues(log.attributes),
  }
  return entryOf({
    json,
    encoding: 'otlp-log-json',
    scope: log.scope ?? 'test',
    resource: log.resource ?? {},
    masks: [],
  })
}

type EntryParts = {
  readonly json: object
  readonly encoding: BodyEncoding
  readonly scope: string
  readonly resource: TestAttributes
  readonly masks: readonly Mask[]
}

function entryOf({ json, encoding, scope, resource, masks }: EntryParts): LogEntry {
  const body = new TextEncoder().encode(JSON.stringify(json))
  return {
    index: 7,
    recordedAt: nano(5000n),
    envelope: {
      channel: 'otlp',
      instance: 'http:4318',
      credential: 'loopback',
      tier: 'self-reported',
      encoding,
      clock: 'live',
      agent: agentIdOf({ kind: 'host', host: 'h', service: 's' }),
      agentName: 's',
      resource: new TextEncoder().encode(JSON.stringify({ attributes: keyValues(resource) })),
      scope: new TextEncoder().encode(JSON.stringify({ name: scope, version: '1.0' })),
      schemaUrl: '',
    },
    bodyDigest: parseSha256(hash('sha256', body, 'hex'))!,
    body,
    masks,
  }
}

export function nano(value: bigint): UnixNano {
  return parseUnixNano(value)!
}

function keyValues(attributes: TestAttributes): readonly object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }))
}

function anyValue(value: TestValue): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number')
    return Number.isInteger(value) ? { intValue: value.toString() } : { doubleValue: value }
  if (isList(value)) return { arrayValue: { values: value.map(anyValue) } }
  return { kvlistValue: { values: keyValues(value) } }
}

function isList(value: TestValue): value is readonly TestValue[] {
  return Array.isArray(value)
}
