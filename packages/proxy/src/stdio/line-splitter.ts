const LF = 0x0a

/** A line, its end with it; `isLong` where its beginning was given up because it was too long to be held. */
export type Line = { readonly bytes: Buffer; readonly isLong: boolean }

/** Cuts a stream into lines. Holds at most `maxBytes` of one that has not ended; of a longer one only its end is told. */
export class LineSplitter {
  readonly #maxBytes: number
  #held: Buffer[] = []
  #heldBytes = 0
  #isLong = false

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** The lines that end in the chunk. */
  push(chunk: Buffer): readonly Line[] {
    const lines: Line[] = []
    let from = 0
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, from)) {
      lines.push(this.#ended(chunk.subarray(from, end + 1)))
      from = end + 1
    }
    if (from < chunk.length) this.#hold(chunk.subarray(from))
    return lines
  }

  /** What came after the last line end, once nothing more will come. */
  end(): Line | undefined {
    return this.#heldBytes === 0 && !this.#isLong ? undefined : this.#ended(Buffer.alloc(0))
  }

  #ended(last: Buffer): Line {
    const isLong = this.#isLong || this.#heldBytes + last.length > this.#maxBytes
    const bytes = isLong ? Buffer.alloc(0) : this.#held.length === 0 ? last : Buffer.concat([...this.#held, last])
    this.#held = []
    this.#heldBytes = 0
    this.#isLong = false
    return { bytes, isLong }
  }

  #hold(rest: Buffer): void {
    if (this.#isLong) return
    this.#held.push(rest)
    this.#heldBytes += rest.length
    if (this.#heldBytes <= this.#maxBytes) return
    this.#held = []
    this.#heldBytes = 0
    this.#isLong = true
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
