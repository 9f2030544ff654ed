import { parseSpanId, parseTraceId, parseUnixNano } from '@holdfast/model'
import type { UnixNano } from '@holdfast/model'
import type { AnyValue, AttributeMap } from './any-value.ts'
import { MAX_ATTRIBUTES, MAX_NESTING, MAX_SPAN_EVENTS } from './limits.ts'
import type { LogRecord, Resource, Scope, SpanEvent, SpanRecord } from './records.ts'
import { Wire } from './wire.ts'

// Tags are `field << 3 | wire type` of opentelemetry-proto 1.x: trace.proto, logs.proto, common.proto, resource.proto.

/** Decodes one `opentelemetry.proto.trace.v1.Span`. Throws WireError on bytes that are not protobuf. */
export function decodeSpan(bytes: Uint8Array): SpanRecord {
  const wire = new Wire(asBuffer(bytes))
  const cut = new Cut()
  const attributes = new Map<string, AnyValue>()
  const events: SpanEvent[] = []
  const links: SpanRecord['links'][number][] = []
  let trace, span, parentSpan
  let traceState = ''
  let flags = 0
  let name = ''
  let spanKind = 0
  let start = 0n
  let end = 0n
  let status: Status = { code: 0, message: '' }
  while (!wire.done) {
    const tag = wire.tag()
    if (tag === 10) trace = parseTraceId(wire.hex())
    else if (tag === 18) span = parseSpanId(wire.hex())
    else if (tag === 26) traceState = wire.text()
    else if (tag === 34) parentSpan = parseSpanId(wire.hex())
    else if (tag === 42) name = wire.text()
    else if (tag === 48) spanKind = wire.enumeration()
    else if (tag === 57) start = wire.fixed64()
    else if (tag === 65) end = wire.fixed64()
    else if (tag === 74) readKeyValue(wire, attributes, cut)
    else if (tag === 90 && events.length < MAX_SPAN_EVENTS) events.push(readEvent(wire, cut))
    else if (tag === 106 && links.length < MAX_SPAN_EVENTS) {
      const link = readLink(wire)
      if (link !== undefined) links.push(link)
    } else if (tag === 122) status = readStatus(wire)
    else if (tag === 133) flags = wire.fixed32()
    else {
      if (tag === 90 || tag === 106) cut.count++
      wire.skip(tag)
    }
  }
  return {
    kind: 'span',
    ...(trace === undefined ? {} : { trace }),
    ...(span === undefined ? {} : { span }),
    ...(parentSpan === undefined ? {} : { parentSpan }),
    traceState,
    flags,
    name,
    spanKind,
    start: time(start),
    end: time(end),
    attributes,
    events,
    links,
    statusCode: status.code,
    statusMessage: status.message,
    cut: cut.count,
  }
}

/** Decodes one `opentelemetry.proto.logs.v1.LogRecord`. Throws WireError on bytes that are not protobuf. */
export function decodeLog(bytes: Uint8Array): LogRecord {
  const wire = new Wire(asBuffer(bytes))
  const cut = new Cut()
  const attributes = new Map<string, AnyValue>()
  let trace, span
  let at = 0n
  let observed = 0n
  let eventName = ''
  let body: AnyValue = null
  while (!wire.done) {
    const tag = wire.tag()
    if (tag === 9) at = wire.fixed64()
    else if (tag === 42) body = readValue(wire, 1, cut)
    else if (tag === 50) readKeyValue(wire, attributes, cut)
    else if (tag === 74) trace = parseTraceId(wire.hex())
    else if (tag === 82) span = parseSpanId(wire.hex())
    else if (tag === 89) observed = wire.fixed64()
    else if (tag === 98) eventName = wire.text()
    else wire.skip(tag)
  }
  return {
    kind: 'log',
    ...(trace === undefined ? {} : { trace }),
    ...(span === undefined ? {} : { span }),
    time: time(at === 0n ? observed : at),
    eventName,
    body,
    attributes,
    cut: cut.count,
  }
}

/** Decodes one `opentelemetry.proto.resource.v1.Resource`. Throws WireError. */
export function decodeResource(bytes: Uint8Array): Resource {
  const wire = new Wire(asBuffer(bytes))
  const attributes = new Map<string, AnyValue>()
  const cut = new Cut()
  while (!wire.done) {
    const tag = wire.tag()
    if (tag === 10) readKeyValue(wire, attributes, cut)
    else wire.skip(tag)
  }
  return { attributes }
}

/** Decodes one `opentelemetry.proto.common.v1.InstrumentationScope`. Throws WireError. */
export function decodeScope(bytes: Uint8Array): Scope {
  const wire = new Wire(asBuffer(bytes))
  const attributes = new Map<string, AnyValue>()
  const cut = new Cut()
  let name = ''
  let version = ''
  while (!wire.done) {
    const tag = wire.tag()
    if (tag === 10) name = wire.text()
    else if (tag === 18) version = wire.text()
    else if (tag === 26) readKeyValue(wire, attributes, cut)
    else wire.skip(tag)
  }
  return { name, version, attributes }
}

/** Counts what the bounds left unread, over all parts of one record. */
class Cut {
  count = 0
}

type Status = { readonly code: number; readonly message: string }

function readKeyValue(wire: Wire, into: Map<string, AnyValue>, cut: Cut, depth = 1): void {
  const outer = wire.enter()
  let key = ''
  let value: AnyValue = null
  while (!wire.done) {
    const tag = wire.tag()
    if (tag === 10) key = wire.text()
    else if (tag === 18) value = readValue(wire, depth, cut)
    else wire.skip(tag)
  }
  wire.leave(outer)
  if (into.size >= MAX_ATTRIBUTES && !into.has(key)) cut.count++
  else into.set(key, value)
}

function readValue(wire: Wire, depth: number, cut: Cut): AnyValue {
  const outer = wire.enter()
  let value: AnyValue = null
  while (!wire.done) {
    const tag = wire.tag()
    if (tag === 10) value = wire.text()
    else if (tag === 16) value = wire.bool()
    else if (tag === 24) value = wire.int64()
    else if (tag === 33) value = wire.double()
    else if (tag === 58) value = wire.bytes()
    else if ((tag === 42 || tag === 50) && depth < MAX_NESTING)
      value = tag === 42 ? readList(wire, depth + 1, cut) : readMap(wire, depth + 1, cut)
    else {
      if (tag === 42 || tag === 50) cut.count++
      wire.skip(tag)
    }
  }
  wire.leave(outer)
  return value
}

function readList(wire: Wire, depth: number, cut: Cut): readonly AnyValue[] {
  const outer = wire.enter()
  const items: AnyValue[] = []
  while (!wire.done) {
    const tag = wire.tag()
    if (tag === 10) items.push(readValue(wire, depth, cut))
    else wire.skip(tag)
  }
  wire.leave(outer)
  return items
}

function readMap(wire: Wire, depth: number, cut: Cut): AttributeMap {
  const outer = wire.enter()
  const map = new Map<string, AnyValue>()
  while (!wire.done) {
    const tag = wire.tag()
    if (tag === 10) readKeyValue(wire, map, cut, depth)
    else wire.skip(tag)
  }
  wire.leave(outer)
  return map
}

function readEvent(wire: Wire, cut: Cut): SpanEvent {
  const outer = wire.enter()
  const attributes = new Map<string, AnyValue>()
  let at = 0n
  let name = ''
  while (!wire.done) {
    const tag = wire.tag()
    if (tag === 9) at = wire.fixed64()
    else if (tag === 18) name = wire.text()
    else if (tag === 26) readKeyValue(wire, attributes, cut)
    else wire.skip(tag)
  }
  wire.leave(outer)
  return { name, time: time(at), attributes }
}

function readLink(wire: Wire): SpanRecord['links'][number] | undefined {
  const outer = wire.enter()
  let trace, span
  while (!wire.done) {
    const tag = wire.tag()
    if (tag === 10) trace = parseTraceId(wire.hex())
    else if (tag === 18) span = parseSpanId(wire.hex())
    else wire.skip(tag)
  }
  wire.leave(outer)
  return trace === undefined || span === undefined ? undefined : { trace, span }
}

function readStatus(wire: Wire): Status {
  const outer = wire.enter()
  let code = 0
  let message = ''
  while (!wire.done) {
    const tag = wire.tag()
    if (tag === 18) message = wire.text()
    else if (tag === 24) code = wire.enumeration()
    else wire.skip(tag)
  }
  wire.leave(outer)
  return { code, message }
}

function time(value: bigint): UnixNano {
  // A fixed64 is always in range; the fallback is only for the type.
  return parseUnixNano(value) ?? (0n as UnixNano)
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
