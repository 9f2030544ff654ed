import { parseSpanId, parseTraceId, parseUnixNano, parseUnixNanoText } from '@holdfast/model'
import type { UnixNano } from '@holdfast/model'
import { field, isJsonArray, isJsonObject } from './any-value.ts'
import type { AnyValue, AttributeMap, Json } from './any-value.ts'
import { MAX_ATTRIBUTES, MAX_NESTING, MAX_SPAN_EVENTS } from './limits.ts'
import type { LogRecord, Resource, Scope, SpanEvent, SpanRecord } from './records.ts'

/*
 * OTLP/JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding): lowerCamelCase names, ids as hex, 64-bit
 * integers as decimal text. Senders that use a generic protobuf JSON writer send ids as base64 and snake_case names, so
 * both are read.
 */

/** One span of an OTLP/JSON request. Fields of a wrong type count as absent. */
export function spanFromJson(json: Json): SpanRecord {
  const cut = { count: 0 }
  const trace = parseTraceId(idText(field(json, 'traceId', 'trace_id'), 16))
  const span = parseSpanId(idText(field(json, 'spanId', 'span_id'), 8))
  const parentSpan = parseSpanId(idText(field(json, 'parentSpanId', 'parent_span_id'), 8))
  const status = field(json, 'status')
  return {
    kind: 'span',
    ...(trace === undefined ? {} : { trace }),
    ...(span === undefined ? {} : { span }),
    ...(parentSpan === undefined ? {} : { parentSpan }),
    traceState: text(field(json, 'traceState', 'trace_state')),
    flags: flagsFrom(field(json, 'flags')),
    name: text(field(json, 'name')),
    spanKind: enumeration(field(json, 'kind'), SPAN_KINDS),
    start: time(field(json, 'startTimeUnixNano', 'start_time_unix_nano')),
    end: time(field(json, 'endTimeUnixNano', 'end_time_unix_nano')),
    attributes: attributesFrom(field(json, 'attributes'), cut),
    events: list(field(json, 'events'), cut).map((event) => eventFrom(event, cut)),
    links: list(field(json, 'links'), cut).flatMap(linkFrom),
    statusCode: enumeration(field(status, 'code'), STATUS_CODES),
    statusMessage: text(field(status, 'message')),
    cut: cut.count,
  }
}

/** One log record of an OTLP/JSON request. */
export function logFromJson(json: Json): LogRecord {
  const cut = { count: 0 }
  const trace = parseTraceId(idText(field(json, 'traceId', 'trace_id'), 16))
  const span = parseSpanId(idText(field(json, 'spanId', 'span_id'), 8))
  const at = time(field(json, 'timeUnixNano', 'time_unix_nano'))
  return {
    kind: 'log',
    ...(trace === undefined ? {} : { trace }),
    ...(span === undefined ? {} : { span }),
    time: at === 0n ? time(field(json, 'observedTimeUnixNano', 'observed_time_unix_nano')) : at,
    eventName: text(field(json, 'eventName', 'event_name')),
    body: valueFrom(field(json, 'body'), 1, cut),
    attributes: attributesFrom(field(json, 'attributes'), cut),
    cut: cut.count,
  }
}

export function resourceFromJson(json: Json): Resource {
  return { attributes: attributesFrom(field(json, 'attributes'), { count: 0 }) }
}

export function scopeFromJson(json: Json): Scope {
  return {
    name: text(field(json, 'name')),
    version: text(field(json, 'version')),
    attributes: attributesFrom(field(json, 'attributes'), { count: 0 }),
  }
}

type Cut = { count: number }

const SPAN_KINDS = [
  'SPAN_KIND_UNSPECIFIED',
  'SPAN_KIND_INTERNAL',
  'SPAN_KIND_SERVER',
  'SPAN_KIND_CLIENT',
  'SPAN_KIND_PRODUCER',
  'SPAN_KIND_CONSUMER',
]
const STATUS_CODES = ['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR']

function attributesFrom(json: Json | undefined, cut: Cut, depth = 1): AttributeMap {
  const map = new Map<string, AnyValue>()
  if (!isJsonArray(json)) return map
  for (const pair of json) {
    const key = field(pair, 'key')
    if (typeof key !== 'string') continue
    if (map.size >= MAX_ATTRIBUTES && !map.has(key)) cut.count++
    else map.set(key, valueFrom(field(pair, 'value'), depth, cut))
  }
  return map
}

function valueFrom(json: Json | undefined, depth: number, cut: Cut): AnyValue {
  if (!isJsonObject(json)) return null
  const string = field(json, 'stringValue', 'string_value')
  if (typeof string === 'string') return string
  const bool = field(json, 'boolValue', 'bool_value')
  if (typeof bool === 'boolean') return bool
  const int = field(json, 'intValue', 'int_value')
  if (int !== undefined) return integer(int)
  const double = field(json, 'doubleValue', 'double_value')
  // JSON has no word for `NaN` and the infinities: they are texts. An object has no number, and may refuse to be one.
  if (double !== undefined) return typeof double === 'object' ? null : Number(double)
  const bytes = field(json, 'bytesValue', 'bytes_value')
  if (typeof bytes === 'string') return new Uint8Array(Buffer.from(bytes, 'base64'))
  const array = field(json, 'arrayValue', 'array_value')
  const map = field(json, 'kvlistValue', 'kvlist_value')
  if (array === undefined && map === undefined) return null
  if (depth >= MAX_NESTING) {
    cut.count++
    return null
  }
  const values = field(array ?? map, 'values')
  if (array === undefined) return attributesFrom(values, cut, depth + 1)
  return isJsonArray(values) ? values.map((item) => valueFrom(item, depth + 1, cut)) : []
}

function integer(json: Json): AnyValue {
  if (typeof json === 'number' || typeof json === 'bigint') return json
  if (typeof json !== 'string' || !/^-?[0-9]{1,20}$/.test(json)) return null
  const number = Number(json)
  return Number.isSafeInteger(number) ? number : BigInt(json)
}

function eventFrom(json: Json, cut: Cut): SpanEvent {
  return {
    name: text(field(json, 'name')),
    time: time(field(json, 'timeUnixNano', 'time_unix_nano')),
    attributes: attributesFrom(field(json, 'attributes'), cut),
  }
}

function linkFrom(json: Json): SpanRecord['links'] {
  const trace = parseTraceId(idText(field(json, 'traceId', 'trace_id'), 16))
  const span = parseSpanId(idText(field(json, 'spanId', 'span_id'), 8))
  return trace === undefined || span === undefined ? [] : [{ trace, span }]
}

function list(json: Json | undefined, cut: Cut): readonly Json[] {
  if (!isJsonArray(json)) return []
  if (json.length > MAX_SPAN_EVENTS) cut.count += json.length - MAX_SPAN_EVENTS
  return json.slice(0, MAX_SPAN_EVENTS)
}

function idText(json: Json | undefined, bytes: number): string {
  if (typeof json !== 'string') return ''
  if (json.length === bytes * 2 && /^[0-9a-fA-F]+$/.test(json)) return json.toLowerCase()
  const decoded = Buffer.from(json, 'base64')
  return decoded.length === bytes ? decoded.toString('hex') : ''
}

function text(json: Json | undefined): string {
  return typeof json === 'string' ? json : ''
}

function enumeration(json: Json | undefined, names: readonly string[]): number {
  if (typeof json === 'number') return json
  return typeof json === 'string' ? Math.max(0, names.indexOf(json)) : 0
}

function flagsFrom(json: Json | undefined): number {
  return typeof json === 'number' && Number.isInteger(json) && json >= 0 && json <= 0xffffffff ? json : 0
}

function time(json: Json | undefined): UnixNano {
  const zero = 0n as UnixNano
  if (typeof json === 'string') return parseUnixNanoText(json) ?? zero
  if (typeof json === 'bigint') return parseUnixNano(json) ?? zero
  return typeof json === 'number' && Number.isInteger(json) ? (parseUnixNano(BigInt(json)) ?? zero) : zero
}
