import { parseTraceId } from '@holdfast/model'
import { MAX_ATTRIBUTES } from '../limits.ts'
import { FOUND } from './json-cursor.ts'
import type { JsonCursor } from './json-cursor.ts'
import type { OtlpSignal } from './scan.ts'
import { termFieldOf } from './terms.ts'
import type { TermCollector } from './terms.ts'

/** Longest name in OTLP/JSON that is read; any longer one is unknown. */
const MAX_NAME = 64
const MAX_UINT64 = (1n << 64n) - 1n
const WELL_FORMED: RecordRead = { time: 0n, fault: undefined }

/** Claimed start in nanoseconds (0 where none is stated), or why the record is rejected. */
export type RecordRead = { readonly time: bigint; readonly fault: string | undefined }

/** The name of the member that the cursor stands at, in lowerCamelCase; collectors before 1.0 sent snake_case. */
export function nameOf(cursor: JsonCursor): string {
  const name = cursor.text(MAX_NAME) ?? ''
  return name.includes('_') ? name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()) : name
}

/** Reads what a `Span` or `LogRecord` in OTLP/JSON is indexed by. The bytes were validated before. */
export class JsonRecordReader {
  attributesOverLimit = 0
  readonly #cursor: JsonCursor
  readonly #isSpan: boolean

  constructor(cursor: JsonCursor, signal: OtlpSignal) {
    this.#cursor = cursor
    this.#isSpan = signal === 'traces'
  }

  read(terms: TermCollector): RecordRead {
    const cursor = this.#cursor
    if (!cursor.isObject()) return { ...WELL_FORMED, fault: 'a record is not an object' }
    let traceId = ''
    let spanId = ''
    let time = 0n
    let observedTime = 0n
    cursor.enter()
    for (let isFirst = true; cursor.nextMember(isFirst) === FOUND; isFirst = false) {
      const name = nameOf(cursor)
      if (name === 'traceId') traceId = this.#id(16)
      else if (name === 'spanId') spanId = this.#id(8)
      else if (name === (this.#isSpan ? 'startTimeUnixNano' : 'timeUnixNano')) time = this.#time()
      else if (name === 'observedTimeUnixNano') observedTime = this.#time()
      else if (name === 'attributes' && cursor.isArray()) this.#attributes(terms)
      else cursor.skipValue(7)
    }
    const fault = this.#faultOf(traceId, spanId, time)
    if (fault !== undefined) return { time: 0n, fault }
    if (parseTraceId(traceId) !== undefined) terms.add(`trace:${traceId}`)
    return { time: time === 0n ? observedTime : time, fault: undefined }
  }

  #faultOf(traceId: string, spanId: string, time: bigint): string | undefined {
    if (time < 0n || time > MAX_UINT64) return 'the start time is not a 64-bit number'
    if (traceId === 'bad') return 'the trace id is not 16 bytes'
    if (spanId === 'bad') return 'the span id is not 8 bytes'
    if (!this.#isSpan) return undefined
    if (traceId === '') return 'the trace id is missing'
    if (spanId === '') return 'the span id is missing'
    return /^0+$/.test(traceId) ? 'the trace id is zero' : /^0+$/.test(spanId) ? 'the span id is zero' : undefined
  }

  /** An id as lowercase hex; '' where absent, `bad` where it has another length. Some senders use base64, as protobuf's own JSON does. */
  #id(bytes: number): string {
    const cursor = this.#cursor
    if (!cursor.isString()) return cursor.skipValue(7) ? '' : 'bad'
    cursor.readString()
    const text = cursor.text(64) ?? 'bad'
    if (text === '') return ''
    if (text.length === bytes * 2 && /^[0-9a-fA-F]+$/.test(text)) return text.toLowerCase()
    const decoded = /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined
    return decoded?.length === bytes ? decoded.toString('hex') : 'bad'
  }

  /** Nanoseconds, -1 where the value is no number. 64-bit numbers are strings in protobuf JSON; plain ones are tolerated. */
  #time(): bigint {
    const cursor = this.#cursor
    const isString = cursor.isString()
    const from = cursor.pos
    cursor.skipValue(7)
    const text = isString ? (cursor.text(32) ?? '?') : cursor.slice(from, Math.min(cursor.pos, from + 32))
    if (/^[0-9]{1,20}$/.test(text)) return BigInt(text)
    if (text === '' || text === 'null') return 0n
    const number = Number(text)
    return Number.isFinite(number) && number >= 0 ? BigInt(Math.trunc(number)) : -1n
  }

  #attributes(terms: TermCollector): void {
    const cursor = this.#cursor
    cursor.enter()
    let count = 0
    for (let isFirst = true; cursor.nextElement(isFirst) === FOUND; isFirst = false) {
      count += 1
      if (!cursor.isObject() || count > MAX_ATTRIBUTES) cursor.skipValue(8)
      else this.#attribute(terms)
    }
    this.attributesOverLimit += Math.max(0, count - MAX_ATTRIBUTES)
  }

  #attribute(terms: TermCollector): void {
    const cursor = this.#cursor
    let key = ''
    let value: string | undefined
    cursor.enter()
    for (let isFirst = true; cursor.nextMember(isFirst) === FOUND; isFirst = false) {
      const name = nameOf(cursor)
      if (name === 'key' && cursor.isString()) {
        cursor.readString()
        key = cursor.text(MAX_NAME) ?? ''
      } else if (name === 'value' && cursor.isObject()) {
        value = this.#stringValue()
      } else {
        cursor.skipValue(9)
      }
    }
    const field = termFieldOf(key)
    if (field !== undefined && value !== undefined) terms.addText(field, value)
  }

  #stringValue(): string | undefined {
    const cursor = this.#cursor
    let text: string | undefined
    cursor.enter()
    for (let isFirst = true; cursor.nextMember(isFirst) === FOUND; isFirst = false) {
      const isText = nameOf(cursor) === 'stringValue' && cursor.isString()
      cursor.skipValue(10)
      if (isText) text = cursor.text(4_096)
    }
    return text
  }
}
