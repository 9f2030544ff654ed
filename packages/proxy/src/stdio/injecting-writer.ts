export type InjectingWriterOptions = {
  readonly write: (bytes: Buffer) => void
  /** A line beyond it passes in pieces, as it comes. */
  readonly maxBytes: number
  /** The line with something put in; undefined where it passes as it is. */
  readonly change: (line: Buffer) => { readonly bytes: Buffer; readonly traceparent: string } | undefined
}

/** Passes a stream on line by line, with something put into some of them. */
export class InjectingWriter {
  readonly #options: InjectingWriterOptions
  /** The beginning of a line that has not ended, kept back. */
  #held: Buffer[] = []
  #heldBytes = 0
  /** True inside a line whose beginning was passed on already. */
  #isPassing = false
  #number = 0

  constructor(options: InjectingWriterOptions) {
    this.#options = options
  }

  /** What was put into which line, counted from 0 over the whole stream. */
  push(chunk: Buffer): readonly (readonly [line: number, traceparent: string])[] {
    const put: (readonly [number, string])[] = []
    let plainFrom = 0
    let from = 0
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, from)) {
      const isFirst = from === 0 && (this.#heldBytes > 0 || this.#isPassing)
      const line = chunk.subarray(from, end + 1)
      const whole = isFirst && this.#heldBytes > 0 ? Buffer.concat([...this.#held, line]) : line
      const changed = isFirst && this.#isPassing ? undefined : this.#options.change(whole)
      if (changed !== undefined || (isFirst && this.#heldBytes > 0)) {
        // Lines that pass as they are go in one piece with their neighbours.
        if (from > plainFrom) this.#options.write(chunk.subarray(plainFrom, from))
        this.#options.write(changed?.bytes ?? whole)
        plainFrom = end + 1
      }
      if (changed !== undefined) put.push([this.#number, changed.traceparent])
      this.#number += 1
      this.#held = []
      this.#heldBytes = 0
      this.#isPassing = false
      from = end + 1
    }
    if (from > plainFrom) this.#options.write(chunk.subarray(plainFrom, from))
    this.#rest(chunk.subarray(from))
    return put
  }

  /** Passes on what is held: the stream has ended inside a line. */
  end(): void {
    for (const bytes of this.#held) this.#options.write(bytes)
    this.#held = []
    this.#heldBytes = 0
  }

  #rest(rest: Buffer): void {
    if (rest.length === 0) return
    if (this.#isPassing) return this.#options.write(rest)
    this.#held.push(rest)
    this.#heldBytes += rest.length
    if (this.#heldBytes <= this.#options.maxBytes) return
    this.end()
    this.#isPassing = true
  }
}
