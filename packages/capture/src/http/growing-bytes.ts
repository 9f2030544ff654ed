const EMPTY: Uint8Array = new Uint8Array(0)

/** Bytes put together out of pieces of any size, copied into memory that doubles: no object is kept for a piece. */
export class GrowingBytes {
  #bytes = EMPTY
  #length = 0

  get length(): number {
    return this.#length
  }

  /** Memory that is held for them. */
  get heldBytes(): number {
    return this.#bytes.length
  }

  /** All of them; valid until the next call. */
  get view(): Buffer {
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset, this.#length)
  }

  append(piece: Uint8Array): void {
    const length = this.#length + piece.length
    if (length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(length, 2 * this.#bytes.length))
      grown.set(this.#bytes.subarray(0, this.#length))
      this.#bytes = grown
    }
    this.#bytes.set(piece, this.#length)
    this.#length = length
  }

  clear(): void {
    this.#bytes = EMPTY
    this.#length = 0
  }
}
