import { MAX_VALUE_DEPTH } from '../limits.ts'
import { END, LEN, WireCursor } from '../otlp/wire.ts'
import { MAX_FIELD_CHARACTERS, type FieldNamed, type FieldRange } from './field-names.ts'

/** Messages of opentelemetry-proto 1.x that are searched by themselves. */
export type ProtoMessage = 'span' | 'log' | 'resource' | 'scope'

/** What fields hold: an attribute, a value of any kind, a message; all others are stepped over. */
type Shape = Map<number, Shape | 'attribute' | 'value'>

const SHAPES: Readonly<Record<ProtoMessage, Shape>> = {
  span: new Map<number, Shape | 'attribute'>([
    [9, 'attribute'],
    [11, new Map([[3, 'attribute']])],
    [13, new Map([[4, 'attribute']])],
  ]),
  log: new Map<number, 'attribute' | 'value'>([
    [5, 'value'],
    [6, 'attribute'],
  ]),
  resource: new Map([[1, 'attribute']]),
  scope: new Map([[3, 'attribute']]),
}
const ARRAY: Shape = new Map([[1, 'value']])
const KEY_VALUE_LIST: Shape = new Map([[1, 'attribute']])
/** `AnyValue`: an array in field 5, a list of keys and values in field 6. */
const ANY_VALUE: Shape = new Map([
  [5, ARRAY],
  [6, KEY_VALUE_LIST],
])
const MAX_DEPTH = 8 + 3 * MAX_VALUE_DEPTH

/** Ranges of the fields in one protobuf message; undefined where its bytes are none, or nest deeper than what is read. */
export function findInProto(
  bytes: Uint8Array,
  message: ProtoMessage,
  fieldOf: FieldNamed,
): readonly FieldRange[] | undefined {
  const search = new ProtoSearch(bytes, fieldOf)
  const bodyField = message === 'log' ? fieldOf('body') : undefined
  return search.message(SHAPES[message], { from: 0, to: bytes.length, depth: 0, valueField: bodyField })
    ? search.ranges
    : undefined
}

type Span = {
  readonly from: number
  readonly to: number
  readonly depth: number
  /** The field that values of this message belong to. */
  readonly valueField?: string | undefined
}

class ProtoSearch {
  readonly ranges: FieldRange[] = []
  readonly #cursor: WireCursor
  readonly #buffer: Buffer
  readonly #fieldOf: FieldNamed

  constructor(bytes: Uint8Array, fieldOf: FieldNamed) {
    this.#cursor = new WireCursor(bytes)
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#fieldOf = fieldOf
  }

  /** False where the bytes are not protobuf. */
  message(shape: Shape, { from, to, depth, valueField }: Span): boolean {
    const cursor = this.#cursor
    if (depth > MAX_DEPTH) return false
    cursor.pos = from
    let field = cursor.next(to)
    for (; field > END; field = cursor.next(to)) {
      const kind = shape.get(field)
      if (kind === undefined || cursor.wire !== LEN) continue
      const span = { from: cursor.from, to: cursor.to, depth: depth + 1 }
      const isRead =
        kind === 'attribute'
          ? this.#attribute(span)
          : kind === 'value'
            ? this.#value(span, valueField)
            : this.message(kind, span)
      if (!isRead) return false
      cursor.pos = span.to
    }
    return field === END
  }

  /** `KeyValue`: the key decides over the value, whichever stands first. */
  #attribute(span: Span): boolean {
    const cursor = this.#cursor
    let name: string | undefined
    cursor.pos = span.from
    let field = cursor.next(span.to)
    for (; field > END; field = cursor.next(span.to)) {
      if (field !== 1 || cursor.wire !== LEN) continue
      // Protobuf has the last of several win; to hide under any of them is the safe side.
      if (cursor.to - cursor.from <= 4 * MAX_FIELD_CHARACTERS)
        name = this.#fieldOf(this.#buffer.toString('utf8', cursor.from, cursor.to)) ?? name
    }
    if (field !== END) return false
    return this.message(new Map([[2, 'value']]), { ...span, valueField: name })
  }

  /** Of a text its bytes alone are found, so that what is left can still be decoded; any other value whole. */
  #value(span: Span, field: string | undefined): boolean {
    if (field === undefined) return this.message(ANY_VALUE, span)
    const cursor = this.#cursor
    cursor.pos = span.from
    const kind = cursor.next(span.to)
    const isText = kind === 1 && cursor.wire === LEN && cursor.to === span.to
    const { from, to } = isText ? cursor : span
    if (from < to) this.ranges.push({ from, to, field })
    return true
  }
}
