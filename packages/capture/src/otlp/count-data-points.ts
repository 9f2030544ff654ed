import { FOUND, JsonCursor } from './json-cursor.ts'
import { nameOf } from './json-record-reader.ts'
import type { OtlpEncoding } from './scan.ts'
import { BAD, END, LEN, WireCursor } from './wire.ts'

export type CountedPoints =
  | { readonly status: 'counted'; readonly dataPoints: number }
  | { readonly status: 'malformed'; readonly message: string }

/**
 * Counts the data points of an `ExportMetricsServiceRequest`, which is all that is done with metrics. Untrusted bytes:
 * never throws.
 */
export function countDataPoints(encoding: OtlpEncoding, body: Uint8Array): CountedPoints {
  return encoding === 'json' ? countJson(body) : countProto(body)
}

/** Field numbers from the request down to a metric, and from a metric's data to its points. */
const PROTO_PATH = [1, 2, 2]
const PROTO_DATA = new Set([5, 7, 9, 10, 11])
const PROTO_POINTS = 1

function countProto(body: Uint8Array): CountedPoints {
  const cursor = new WireCursor(body)
  const dataPoints = countLevel(cursor, body.length, 0)
  return dataPoints === BAD
    ? { status: 'malformed', message: `request is not OTLP protobuf: ${cursor.fault}` }
    : { status: 'counted', dataPoints }
}

function countLevel(cursor: WireCursor, to: number, level: number): number {
  let points = 0
  for (let field = cursor.next(to); field !== END; field = cursor.next(to)) {
    if (field === BAD) return BAD
    const isData = level === PROTO_PATH.length && PROTO_DATA.has(field)
    if (level > PROTO_PATH.length) points += field === PROTO_POINTS ? 1 : 0
    else if (cursor.wire === LEN && (isData || field === PROTO_PATH[level])) {
      const end = cursor.to
      cursor.pos = cursor.from
      const inner = countLevel(cursor, end, level + 1)
      if (inner === BAD) return BAD
      points += inner
    }
  }
  return points
}

function countJson(body: Uint8Array): CountedPoints {
  const cursor = new JsonCursor(body)
  const dataPoints = cursor.isObject() ? countValue(cursor, 0, false) : BAD
  cursor.peek()
  if (dataPoints === BAD || cursor.pos < body.length) {
    return { status: 'malformed', message: `request is not OTLP JSON: ${cursor.fault || 'it is not one object'}` }
  }
  return { status: 'counted', dataPoints }
}

/** Levels of objects and arrays from the request to `dataPoints`. */
const JSON_LEVELS = 9

/** Counts the elements of each array named `dataPoints`. */
function countValue(cursor: JsonCursor, depth: number, isPoints: boolean): number {
  const isObject = cursor.isObject()
  if (depth > JSON_LEVELS || (!isObject && !cursor.isArray())) return cursor.skipValue(depth) ? 0 : BAD
  let points = 0
  cursor.enter()
  for (let isFirst = true; ; isFirst = false) {
    const step = isObject ? cursor.nextMember(isFirst) : cursor.nextElement(isFirst)
    if (step !== FOUND) return step === END ? points : BAD
    const inner = countValue(cursor, depth + 1, isObject && nameOf(cursor) === 'dataPoints')
    if (inner === BAD) return BAD
    points += inner + (isPoints && !isObject ? 1 : 0)
  }
}
