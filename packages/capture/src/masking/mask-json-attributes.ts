import { FOUND, JsonCursor } from '../otlp/json-cursor.ts'
import { isSensitiveName } from './field-rules.ts'
import type { MaskWriter } from './mask-writer.ts'

/**
 * Masks the values of OTLP/JSON attributes whose key is sensitive, and of settings as Kubernetes lists them:
 * `{"key": "...authorization", "value": {...}}`, `{"name": "DB_PASSWORD", "value": "..."}`, in either order. One pass over the text; where the text is not JSON it ends, and the scan will refuse the request.
 */
export function maskJsonAttributes(writer: MaskWriter): void {
  const cursor = new JsonCursor(writer.bytes)
  visit(cursor, writer, 0)
}

/** Longest key that is looked at. */
const MAX_KEY = 256
const MAX_DEPTH = 64

function visit(cursor: JsonCursor, writer: MaskWriter, depth: number): boolean {
  if (depth > MAX_DEPTH) return false
  if (cursor.isArray()) {
    cursor.enter()
    return eachElement(cursor, () => visit(cursor, writer, depth + 1))
  }
  if (!cursor.isObject()) return cursor.skipValue(depth)
  let isNamed = false
  let valueFrom = -1
  cursor.enter()
  for (let isFirst = true; ; isFirst = false) {
    const step = cursor.nextMember(isFirst)
    if (step !== FOUND) {
      if (step === 0 && valueFrom >= 0 && isNamed) maskStrings(writer, valueFrom)
      return step === 0
    }
    const name = cursor.text(16)
    cursor.peek()
    const from = cursor.pos
    const isText = cursor.isString()
    if (!visit(cursor, writer, depth + 1)) return false
    if ((name === 'key' || name === 'name') && isText) isNamed ||= isSensitiveName(cursor.text(MAX_KEY) ?? '')
    if (name === 'value') valueFrom = from
  }
}

function eachElement(cursor: JsonCursor, read: () => boolean): boolean {
  for (let isFirst = true; ; isFirst = false) {
    const step = cursor.nextElement(isFirst)
    if (step !== FOUND) return step === 0
    if (!read()) return false
  }
}

/** Masks each string of the JSON value at `from` that is not the name of a member. */
function maskStrings(writer: MaskWriter, from: number): void {
  const cursor = new JsonCursor(writer.bytes)
  cursor.pos = from
  maskValue(cursor, writer)
}

function maskValue(cursor: JsonCursor, writer: MaskWriter): boolean {
  if (cursor.isString()) {
    cursor.readString()
    writer.write('field', cursor.stringFrom, cursor.stringTo)
    return true
  }
  if (cursor.isArray()) {
    cursor.enter()
    return eachElement(cursor, () => maskValue(cursor, writer))
  }
  if (!cursor.isObject()) return cursor.skipValue(0)
  cursor.enter()
  for (let isFirst = true; ; isFirst = false) {
    const step = cursor.nextMember(isFirst)
    if (step !== FOUND) return step === 0
    if (!maskValue(cursor, writer)) return false
  }
}
