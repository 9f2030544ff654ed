const LF = 0x0a

/**
 * A line, its end with it, or a piece of one that is too long to be held: pieces of a line follow each other, and `isEnd`
 * stands on the last.
 */
export type LinePart =
  | { readonly kind: 'line'; readonly bytes: Buffer }
  | { readonly kind: 'piece'; readonly bytes: Buffer; readonly isEnd: boolean }

/** Cuts a stream into lines. Holds at most `maxBytes` of one that has not ended; a longer one is told in pieces. */
export class LineSplitter {
  readonly #maxBytes: number
  #held: Buffer[] = []
  #heldBytes = 0
  /** True inside a line whose beginning was told as pieces already. */
  #isLong = false

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** The lines that end in the chunk, and pieces of long ones as they come. */
  push(chunk: Buffer): readonly LinePart[] {
    const parts: LinePart[] = []
    let from = 0
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, from)) {
      parts.push(this.#ended(chunk.subarray(from, end + 1)))
      from = end + 1
    }
    if (from < chunk.length) parts.push(...this.#hold(chunk.subarray(from)))
    return parts
  }

  /** What came after the last line end, once nothing more will come. */
  end(): LinePart | undefined {
    return this.#heldBytes === 0 && !this.#isLong ? undefined : this.#ended(Buffer.alloc(0))
  }

  #ended(last: Buffer): LinePart {
    const bytes = this.#taken(last)
    const isLong = this.#isLong || bytes.length > this.#maxBytes
    this.#isLong = false
    return isLong ? { kind: 'piece', bytes, isEnd: true } : { kind: 'line', bytes }
  }

  #hold(rest: Buffer): readonly LinePart[] {
    if (this.#isLong) return [{ kind: 'piece', bytes: rest, isEnd: false }]
    this.#held.push(rest)
    this.#heldBytes += rest.length
    if (this.#heldBytes <= this.#maxBytes) return []
    this.#isLong = true
    return [{ kind: 'piece', bytes: this.#taken(Buffer.alloc(0)), isEnd: false }]
  }

  #taken(last: Buffer): Buffer {
    const bytes = this.#held.length === 0 ? last : Buffer.concat([...this.#held, last])
    this.#held = []
    this.#heldBytes = 0
    return bytes
  }
}

/** The line without LF or CR LF. */
export function withoutEnd(line: Buffer): Buffer {
  const to = line.at(-1) === 0x0a ? line.length - 1 : line.length
  return line.subarray(0, line[to - 1] === 0x0d ? to - 1 : to)
}

/** True for white space alone. */
export function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d))
}
