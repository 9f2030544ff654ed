import { FOUND, JsonCursor } from '../otlp/json-cursor.ts'
import { END } from '../otlp/wire.ts'
import { MAX_FIELD_CHARACTERS, type FieldNamed, type FieldRange } from './field-names.ts'

/** Bytes of a name with each of its characters escaped, which is as long as it can be written. */
const MAX_NAME_BYTES = 6 * MAX_FIELD_CHARACTERS
/** A body nested deeper counts as unreadable. */
const MAX_DEPTH = 64

/**
 * Ranges of the fields in JSON texts that follow each other, as an MCP frame and its message do; undefined where the bytes are
 * something else. A value that is a string is found without its quotes, any other whole.
 */
export function findInJson(bytes: Uint8Array, fieldOf: FieldNamed): readonly FieldRange[] | undefined {
  const search = new JsonSearch(bytes, fieldOf)
  return search.run() ? search.ranges : undefined
}

class JsonSearch {
  readonly ranges: FieldRange[] = []
  readonly #cursor: JsonCursor
  readonly #fieldOf: FieldNamed

  constructor(bytes: Uint8Array, fieldOf: FieldNamed) {
    this.#cursor = new JsonCursor(bytes)
    this.#fieldOf = fieldOf
  }

  run(): boolean {
    const cursor = this.#cursor
    while (cursor.peek() !== 0) if (!this.#visit(0)) return false
    // A byte of zero looks like the end, and is none.
    return cursor.pos === cursor.bytes.length
  }

  #visit(depth: number): boolean {
    const cursor = this.#cursor
    if (depth > MAX_DEPTH) return false
    if (cursor.isObject()) return this.#object(depth)
    if (!cursor.isArray()) return cursor.skipValue(depth)
    cursor.enter()
    for (let isFirst = true; ; isFirst = false) {
      const step = cursor.nextElement(isFirst)
      if (step !== FOUND) return step === END
      if (!this.#visit(depth + 1)) return false
    }
  }

  #object(depth: number): boolean {
    const cursor = this.#cursor
    let named: string | undefined
    const values: { readonly range: Omit<FieldRange, 'field'>; readonly since: number; readonly until: number }[] = []
    cursor.enter()
    for (let isFirst = true; ; isFirst = false) {
      const step = cursor.nextMember(isFirst)
      if (step !== FOUND) {
        const hidden = named === undefined ? [] : values.toReversed()
        for (const { range, since, until } of hidden)
          this.ranges.splice(since, until - since, { ...range, field: named ?? '' })
        return step === END
      }
      const name = cursor.text(MAX_NAME_BYTES) ?? ''
      const field = this.#fieldOf(name)
      const since = this.ranges.length
      const range = this.#value(depth + 1)
      if (range === undefined) return false
      if (field !== undefined) this.ranges.splice(since, Infinity, { ...range, field })
      // An attribute of OTLP/JSON is `{"key": name, "value": ...}`, in either order.
      else if (name === 'value') values.push({ range, since, until: this.ranges.length })
      else if (name === 'key' && range.isQuoted === undefined)
        named ??= this.#fieldOf(cursor.text(MAX_NAME_BYTES) ?? '')
    }
  }

  /** Steps over a value; the fields inside it are found on the way. Undefined where it is no JSON. */
  #value(depth: number): Omit<FieldRange, 'field'> | undefined {
    const cursor = this.#cursor
    cursor.peek()
    const from = cursor.pos
    if (cursor.isString()) return cursor.readString() ? { from: cursor.stringFrom, to: cursor.stringTo } : undefined
    return this.#visit(depth) ? { from, to: cursor.pos, isQuoted: true } : undefined
  }
}
