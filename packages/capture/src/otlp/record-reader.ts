import { parseUnixNano } from '@holdfast/model'
import type { UnixNano } from '@holdfast/model'
import type { OtlpSignal } from './scan.ts'
import { MAX_ATTRIBUTES } from '../limits.ts'
import { AttributeReader } from './attribute-reader.ts'
import type { TermCollector } from './terms.ts'
import { BAD, byteAt, END, FIXED64, LEN, uint32At } from './wire.ts'
import type { WireCursor } from './wire.ts'

/** Numbers of the fields that a record shares between signals; -1 where the signal has no such field. */
type RecordFields = {
  readonly traceId: number
  readonly spanId: number
  readonly attributes: number
  readonly time: number
  readonly observedTime: number
  readonly isTraceRequired: boolean
  /** Fields that are sub-messages, with how to check them. */
  readonly nested: ReadonlyMap<number, 'event' | 'link' | 'status' | 'value'>
}

const SPAN: RecordFields = {
  traceId: 1,
  spanId: 2,
  attributes: 9,
  time: 7,
  observedTime: -1,
  isTraceRequired: true,
  nested: new Map([
    [11, 'event'],
    [13, 'link'],
    [15, 'status'],
  ]),
}
const LOG_RECORD: RecordFields = {
  traceId: 9,
  spanId: 10,
  attributes: 6,
  time: 1,
  observedTime: 11,
  isTraceRequired: false,
  nested: new Map([[5, 'value']]),
}

/** Wire type that each known field of a record must have; an unknown field may have any. */
const SPAN_WIRES: readonly (number | undefined)[] = wires({
  1: 2,
  2: 2,
  3: 2,
  4: 2,
  5: 2,
  6: 0,
  7: 1,
  8: 1,
  9: 2,
  10: 0,
  11: 2,
  12: 0,
  13: 2,
  14: 0,
  15: 2,
  16: 5,
})
const LOG_WIRES: readonly (number | undefined)[] = wires({
  1: 1,
  2: 0,
  3: 2,
  5: 2,
  6: 2,
  7: 0,
  8: 5,
  9: 2,
  10: 2,
  11: 1,
  12: 2,
})

function wires(table: Readonly<Record<number, number>>): readonly (number | undefined)[] {
  return Array.from({ length: 17 }, (_, field) => table[field])
}

/** Checks one `Span` or `LogRecord` and hands what it is indexed by to the terms of its group. */
export class RecordReader {
  readonly attributes: AttributeReader
  attributesOverLimit = 0
  readonly #cursor: WireCursor
  readonly #body: Uint8Array
  readonly #fields: RecordFields
  readonly #wires: readonly (number | undefined)[]
  /** Claimed time of the record last read, and the range since {@link resetTimes}, as two 32-bit halves each. */
  #timeLow = 0
  #timeHigh = 0
  #minLow = 0
  #minHigh = 0
  #maxLow = 0
  #maxHigh = 0

  constructor(cursor: WireCursor, signal: OtlpSignal) {
    this.attributes = new AttributeReader(cursor)
    this.#cursor = cursor
    this.#body = cursor.bytes
    this.#fields = signal === 'traces' ? SPAN : LOG_RECORD
    this.#wires = signal === 'traces' ? SPAN_WIRES : LOG_WIRES
  }

  resetTimes(): void {
    this.#minHigh = 0xffff_ffff
    this.#minLow = 0xffff_ffff
    this.#maxHigh = 0
    this.#maxLow = 0
  }

  /** Earliest and latest start of the records since {@link resetTimes}, 0 where none states one. */
  times(): { readonly claimedFrom: UnixNano; readonly claimedTo: UnixNano } {
    const hasTime = this.#maxHigh !== 0 || this.#maxLow !== 0
    const claimedTo = unixNano(this.#maxHigh, this.#maxLow)
    return { claimedFrom: hasTime ? unixNano(this.#minHigh, this.#minLow) : claimedTo, claimedTo }
  }

  /** Why the record is malformed, or undefined. */
  read(from: number, to: number, terms: TermCollector): string | undefined {
    const cursor = this.#cursor
    const fields = this.#fields
    const wires = this.#wires
    const read = this.attributes
    let traceFrom = -1
    let hasSpanId = false
    let attributes = 0
    this.#timeHigh = 0
    this.#timeLow = 0
    cursor.pos = from
    cursor.fault = ''
    for (;;) {
      const field = cursor.next(to)
      if (field === END) break
      if (field === BAD) return cursor.fault
      const expected = field < 17 ? wires[field] : undefined
      if (expected === undefined) continue
      if (expected !== cursor.wire) return `field ${field} has the wrong wire type`
      if (field === fields.attributes) {
        attributes += 1
        if (!this.attributes.keyValue(cursor.from, cursor.to, 1)) return cursor.fault
        if (attributes <= MAX_ATTRIBUTES) {
          if (read.textFrom >= 0) {
            terms.addAttribute(read.keyFrom, read.keyTo, read.textFrom, read.textTo)
          }
        } else {
          this.attributesOverLimit += 1
        }
      } else if (field === fields.traceId) {
        const fault = this.#checkId(16, 'trace id', fields.isTraceRequired)
        if (fault !== undefined) return fault
        traceFrom = this.#isZero(16) ? -1 : cursor.from
      } else if (field === fields.spanId) {
        const fault = this.#checkId(8, 'span id', fields.isTraceRequired)
        if (fault !== undefined) return fault
        hasSpanId = true
      } else if (cursor.wire === FIXED64) {
        if (field === fields.time || (field === fields.observedTime && this.#timeHigh === 0 && this.#timeLow === 0)) {
          this.#readTime(cursor.from)
        }
      } else if (cursor.wire === LEN && field >= 4 && !this.#nested(field)) {
        return cursor.fault
      }
    }
    if (fields.isTraceRequired && traceFrom < 0) return 'the trace id is missing'
    if (fields.isTraceRequired && !hasSpanId) return 'the span id is missing'
    if (traceFrom >= 0) terms.addTrace(traceFrom)
    this.#widenTimes()
    return undefined
  }

  /** A sub-message of a record other than its attributes; true for plain text. Leaves `fault` set when false. */
  #nested(field: number): boolean {
    const cursor = this.#cursor
    const kind = this.#fields.nested.get(field)
    // Field 4 of a span is the id of its parent, empty or all zero for a root.
    if (kind === undefined) return field !== 4 || this.#isIdLength(8)
    const { from, to } = cursor
    if (kind === 'value') return this.attributes.anyValue(from, to, 1)
    cursor.pos = from
    for (;;) {
      const inner = cursor.next(to)
      if (inner === END) return true
      if (inner === BAD) return false
      const isAttributes = (kind === 'event' && inner === 3) || (kind === 'link' && inner === 4)
      if (isAttributes && (cursor.wire !== LEN || !this.attributes.keyValue(cursor.from, cursor.to, 1)))
        return this.#fail()
      const isId = kind === 'link' && (inner === 1 || inner === 2)
      if (isId && (cursor.wire !== LEN || !this.#isIdLength(inner === 1 ? 16 : 8))) return this.#fail()
    }
  }

  #isIdLength(bytes: number): boolean {
    const length = this.#cursor.to - this.#cursor.from
    if (length === 0 || length === bytes) return true
    this.#cursor.fault = `an id is not ${bytes} bytes long`
    return false
  }

  #fail(): boolean {
    if (this.#cursor.fault === '') this.#cursor.fault = 'a nested message is malformed'
    return false
  }

  #checkId(bytes: number, name: string, isRequired: boolean): string | undefined {
    const length = this.#cursor.to - this.#cursor.from
    if (length === 0 && !isRequired) return undefined
    if (length !== bytes) return `the ${name} is not ${bytes} bytes long`
    // The log data model reads an all-zero id as absent; a span cannot do without one.
    return isRequired && this.#isZero(bytes) ? `the ${name} is zero` : undefined
  }

  #isZero(bytes: number): boolean {
    const { from, to } = this.#cursor
    if (to - from !== bytes) return true
    for (let i = from; i < to; i += 1) {
      if (byteAt(this.#body, i) !== 0) return false
    }
    return true
  }

  #readTime(from: number): void {
    this.#timeLow = uint32At(this.#body, from)
    this.#timeHigh = uint32At(this.#body, from + 4)
  }

  #widenTimes(): void {
    const high = this.#timeHigh
    const low = this.#timeLow
    if (high === 0 && low === 0) return
    if (high < this.#minHigh || (high === this.#minHigh && low < this.#minLow)) {
      this.#minHigh = high
      this.#minLow = low
    }
    if (high > this.#maxHigh || (high === this.#maxHigh && low > this.#maxLow)) {
      this.#maxHigh = high
      this.#maxLow = low
    }
  }
}

function unixNano(high: number, low: number): UnixNano {
  const time = parseUnixNano((BigInt(high) << 32n) | BigInt(low))
  // Two unsigned 32-bit halves always make an unsigned 64-bit number.
  if (time === undefined) throw new RangeError('a claimed time does not fit 64 bits')
  return time
}
