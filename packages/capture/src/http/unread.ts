const EMPTY: Uint8Array = new Uint8Array(0)

/**
 * Bytes of one direction that came and are not read yet. Taking them costs time in proportion to their number however
 * small the pieces are: an agent that writes single bytes must not make its reader copy all that waits for each of them.
 */
export class Unread {
  #bytes = EMPTY
  #from = 0
  #to = 0
  /** False while they are the sender's piece itself, whose memory is used again. */
  #isOwn = true

  get length(): number {
    return this.#to - this.#from
  }

  /** Memory that is held for them. */
  get heldBytes(): number {
    return this.#isOwn ? this.#bytes.length : this.length
  }

  /** All of them; valid until the next call. */
  get view(): Uint8Array {
    return this.#bytes.subarray(this.#from, this.#to)
  }

  append(piece: Uint8Array): void {
    if (this.length === 0) {
      this.#bytes = piece
      this.#from = 0
      this.#to = piece.length
      this.#isOwn = false
      return
    }
    if (!this.#isOwn || this.#to + piece.length > this.#bytes.length) this.#move(2 * (this.length + piece.length))
    this.#bytes.set(piece, this.#to)
    this.#to += piece.length
  }

  /** The first bytes, at most so many, which count as read. */
  take(bytes: number): Uint8Array {
    const from = this.#from
    this.#from = Math.min(this.#to, from + bytes)
    return this.#bytes.subarray(from, this.#from)
  }

  clear(): void {
    this.#bytes = EMPTY
    this.#from = 0
    this.#to = 0
    this.#isOwn = true
  }

  /** Copies what is left where it lies in the sender's piece. */
  keep(): void {
    if (this.length === 0) this.clear()
    else if (!this.#isOwn) this.#move(this.length)
  }

  #move(capacity: number): void {
    const moved = new Uint8Array(capacity)
    moved.set(this.view)
    this.#to = this.length
    this.#from = 0
    this.#bytes = moved
    this.#isOwn = true
  }
}
