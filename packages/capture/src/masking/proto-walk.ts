import { MAX_VALUE_DEPTH } from '../limits.ts'
import { END, LEN, WireCursor } from '../otlp/wire.ts'
import { asciiOf } from './characters.ts'
import { isSensitiveName } from './field-rules.ts'
import type { MaskWriter } from './mask-writer.ts'
import type { TextMasker } from './text-masker.ts'

/** Fields of a message that hold something: text, an attribute, a message; `binary` is never text. Others are text. */
type Shape = Map<number, Shape | 'attribute' | 'binary'>

const ANY_VALUE: Shape = new Map()
ANY_VALUE.set(5, new Map([[1, ANY_VALUE]]))
ANY_VALUE.set(6, new Map([[1, 'attribute']]))
const RESOURCE: Shape = new Map([[1, 'attribute']])
const SCOPE: Shape = new Map([[3, 'attribute']])
const EVENT: Shape = new Map([[3, 'attribute']])
const LINK: Shape = new Map([
  [1, 'binary'],
  [2, 'binary'],
  [4, 'attribute'],
])
const SPAN: Shape = new Map<number, Shape | 'attribute' | 'binary'>([
  [1, 'binary'],
  [2, 'binary'],
  [4, 'binary'],
  [9, 'attribute'],
  [11, EVENT],
  [13, LINK],
  [15, new Map()],
])
const LOG_RECORD: Shape = new Map<number, Shape | 'attribute' | 'binary'>([
  [5, ANY_VALUE],
  [6, 'attribute'],
  [9, 'binary'],
  [10, 'binary'],
])
/** Fields of a data point: those of an exponential histogram are the most. */
const POINT_FIELDS = 14
/** Of points only attributes hold text; the rest are numbers, ids and packed lists of them. */
const METRIC: Shape = new Map<number, Shape | 'attribute' | 'binary'>([
  [5, pointsOf(7, 5)],
  [7, pointsOf(7, 5)],
  [9, pointsOf(9, 8)],
  [10, pointsOf(1, 11)],
  [11, pointsOf(7)],
  [12, 'attribute'],
])
const REQUESTS = { traces: requestOf(SPAN), logs: requestOf(LOG_RECORD), metrics: requestOf(METRIC) }

/** Request, resource, scope, record, and the levels of the deepest value around its text. */
const MAX_DEPTH = 8 + 3 * MAX_VALUE_DEPTH

/** What masks a stretch of text, and says first whether there is anything for it to do. */
type StretchMasker = Pick<TextMasker, 'hasTrigger' | 'mask'>

/**
 * Finds the texts of a protobuf request for the masker, because a credential may be followed directly by the bytes
 * that frame the next field, which look like letters. Messages without a trigger in them are stepped over whole.
 */
export class ProtoWalk {
  readonly #writer: MaskWriter
  readonly #text: StretchMasker
  readonly #cursor: WireCursor

  constructor(writer: MaskWriter, text: StretchMasker) {
    this.#writer = writer
    this.#text = text
    this.#cursor = new WireCursor(writer.bytes)
  }

  request(signal: 'traces' | 'logs' | 'metrics'): void {
    this.#message(REQUESTS[signal], 0, this.#writer.bytes.length, 0)
  }

  #message(shape: Shape, from: number, to: number, depth: number): void {
    const cursor = this.#cursor
    if (depth > MAX_DEPTH || !this.#text.hasTrigger(from, to)) return
    cursor.pos = from
    for (let field = cursor.next(to); field > END; field = cursor.next(to)) {
      const end = cursor.to
      if (cursor.wire !== LEN || !this.#text.hasTrigger(cursor.from, end)) continue
      const kind = shape.get(field)
      if (kind === undefined) this.#text.mask(cursor.from, end)
      else if (kind === 'attribute') this.#attribute(cursor.from, end, depth + 1)
      else if (kind !== 'binary') this.#message(kind, cursor.from, end, depth + 1)
      cursor.pos = end
    }
  }

  /** `KeyValue`. The key decides over the value, whichever stands first. */
  #attribute(from: number, to: number, depth: number): void {
    const cursor = this.#cursor
    let isSensitive = false
    cursor.pos = from
    for (let field = cursor.next(to); field > END; field = cursor.next(to)) {
      if (cursor.wire === LEN && field === 1 && cursor.to - cursor.from <= 256) {
        isSensitive = isSensitiveName(asciiOf(this.#writer.bytes, cursor.from, cursor.to))
      }
    }
    cursor.pos = from
    for (let field = cursor.next(to); field > END; field = cursor.next(to)) {
      if (cursor.wire !== LEN) continue
      const end = cursor.to
      if (field !== 2) this.#text.mask(cursor.from, end)
      else if (isSensitive) this.#maskAll(ANY_VALUE, cursor.from, end, depth + 1)
      else this.#message(ANY_VALUE, cursor.from, end, depth + 1)
      cursor.pos = end
    }
  }

  /** Every text inside a value whose attribute is sensitive; keys stay readable. */
  #maskAll(shape: Shape, from: number, to: number, depth: number): void {
    const cursor = this.#cursor
    if (depth > MAX_DEPTH) return
    cursor.pos = from
    for (let field = cursor.next(to); field > END; field = cursor.next(to)) {
      if (cursor.wire !== LEN) continue
      const end = cursor.to
      const kind = shape.get(field)
      if (kind === undefined) this.#writer.write('field', cursor.from, end)
      else if (kind === 'attribute') this.#maskAll(KEY_VALUE, cursor.from, end, depth + 1)
      else if (kind !== 'binary') this.#maskAll(kind, cursor.from, end, depth + 1)
      cursor.pos = end
    }
  }
}

/** `KeyValue` as a message whose key is left alone. */
const KEY_VALUE: Shape = new Map<number, Shape | 'binary'>([
  [1, 'binary'],
  [2, ANY_VALUE],
])

function requestOf(record: Shape): Shape {
  const scope: Shape = new Map([
    [1, SCOPE],
    [2, record],
  ])
  const resource: Shape = new Map([
    [1, RESOURCE],
    [2, scope],
  ])
  return new Map([[1, resource]])
}

/** A metric's data: its points, of which nothing is looked at but attributes, their own and those of exemplars. */
function pointsOf(attributes: number, exemplars?: number): Shape {
  const point: Shape = new Map(Array.from({ length: POINT_FIELDS }, (_, i) => [i + 1, 'binary' as const]))
  point.set(attributes, 'attribute')
  if (exemplars !== undefined) {
    point.set(
      exemplars,
      new Map<number, Shape | 'attribute' | 'binary'>([
        [4, 'binary'],
        [5, 'binary'],
        [7, 'attribute'],
      ]),
    )
  }
  return new Map([[1, point]])
}
