import { MAX_VALUE_DEPTH } from '../limits.ts'
import { BAD, END, FIXED64, LEN, VARINT } from './wire.ts'
import type { WireCursor } from './wire.ts'

/** Wire type by field number of `AnyValue`: string, bool, int, double, array, key-value list, bytes. */
const ANY_VALUE_WIRES = [undefined, LEN, VARINT, VARINT, FIXED64, LEN, LEN, LEN]

/** Reads `KeyValue` and `AnyValue` (`common/v1/common.proto`) and remembers where the last one had its text. */
export class AttributeReader {
  readonly cursor: WireCursor
  /** Key of the attribute last read by {@link keyValue}. */
  keyFrom = 0
  keyTo = 0
  /** Text of the value last read, where it is a string; else `textFrom` is -1. */
  textFrom = -1
  textTo = 0

  constructor(cursor: WireCursor) {
    this.cursor = cursor
  }

  /** `KeyValue`: leaves key and text range in this object and `pos` behind it; why not in `fault`. */
  keyValue(from: number, to: number, depth: number): boolean {
    const cursor = this.cursor
    let keyFrom = 0
    let keyTo = 0
    let textFrom = -1
    let textTo = 0
    cursor.pos = from
    for (;;) {
      const field = cursor.next(to)
      if (field === END) break
      if (field === BAD) return false
      if (field > 2) continue
      if (cursor.wire !== LEN) return this.#wrongWire(field)
      if (field === 1) {
        keyFrom = cursor.from
        keyTo = cursor.to
      } else {
        if (!this.anyValue(cursor.from, cursor.to, depth)) return false
        textFrom = this.textFrom
        textTo = this.textTo
      }
    }
    this.keyFrom = keyFrom
    this.keyTo = keyTo
    this.textFrom = textFrom
    this.textTo = textTo
    return true
  }

  /** `AnyValue`: leaves the range of a string in this object and `pos` behind it; why not in `fault`. */
  anyValue(from: number, to: number, depth: number): boolean {
    const cursor = this.cursor
    if (depth > MAX_VALUE_DEPTH) {
      cursor.fault = `values are nested more than ${MAX_VALUE_DEPTH} levels deep`
      return false
    }
    let textFrom = -1
    let textTo = 0
    cursor.pos = from
    for (;;) {
      const field = cursor.next(to)
      if (field === END) break
      if (field === BAD) return false
      if (field > 7) continue
      if (cursor.wire !== ANY_VALUE_WIRES[field]) return this.#wrongWire(field)
      if (field === 1) {
        textFrom = cursor.from
        textTo = cursor.to
      } else if ((field === 5 || field === 6) && !this.#values(cursor.from, cursor.to, depth, field === 6)) {
        return false
      }
    }
    this.textFrom = textFrom
    this.textTo = textTo
    return true
  }

  /** `ArrayValue` or `KeyValueList`: field 1 repeated. */
  #values(from: number, to: number, depth: number, isKeyValues: boolean): boolean {
    const cursor = this.cursor
    cursor.pos = from
    for (;;) {
      const field = cursor.next(to)
      if (field === END) return true
      if (field === BAD) return false
      if (field !== 1) continue
      if (cursor.wire !== LEN) return this.#wrongWire(field)
      const isFine = isKeyValues
        ? this.keyValue(cursor.from, cursor.to, depth + 1)
        : this.anyValue(cursor.from, cursor.to, depth + 1)
      if (!isFine) return false
    }
  }

  #wrongWire(field: number): boolean {
    this.cursor.fault = `field ${field} of an attribute has the wrong wire type`
    return false
  }
}
