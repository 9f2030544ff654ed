import { MAX_WAITING_BYTES, MAX_WAITING_FRAGMENTS } from './limits.ts'

/** What became readable: bytes in order, or the number of bytes that never came. */
export type Piece =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly isStart: boolean }
  | { readonly kind: 'hole'; readonly bytes: number }

/**
 * Puts the fragments of one direction in order by their offset. A fragment that comes twice counts once; where two
 * differ, the first one stands. A hole is only a hole once {@link settle} says so, or more waits than the bounds allow.
 */
export class Reassembler {
  #next = 0
  #waiting = new Map<number, Uint8Array>()
  #waitingBytes = 0

  /** True while something came that an earlier fragment is missing for. */
  get isWaiting(): boolean {
    return this.#waiting.size > 0
  }

  get waitingBytes(): number {
    return this.#waitingBytes
  }

  /** Takes one fragment; answers what can be read now. The bytes are kept as they are, not copied. */
  push(offset: number, bytes: Uint8Array): readonly Piece[] {
    if (bytes.length === 0 || offset + bytes.length <= this.#next) return []
    if (offset > this.#next) {
      const held = this.#waiting.get(offset)
      if (held !== undefined && held.length >= bytes.length) return []
      this.#waitingBytes += bytes.length - (held?.length ?? 0)
      this.#waiting.set(offset, bytes)
      const isFull = this.#waitingBytes > MAX_WAITING_BYTES || this.#waiting.size > MAX_WAITING_FRAGMENTS
      return isFull ? this.settle() : []
    }
    const fresh = bytes.subarray(this.#next - offset)
    const pieces: Piece[] = [{ kind: 'bytes', bytes: fresh, isStart: offset === this.#next }]
    this.#next += fresh.length
    if (this.#waiting.size > 0) this.#drain(pieces, false)
    return pieces
  }

  /** Waits no longer: what is missing is a hole. */
  settle(): readonly Piece[] {
    const pieces: Piece[] = []
    this.#drain(pieces, true)
    return pieces
  }

  #drain(pieces: Piece[], isSettled: boolean): void {
    if (!isSettled && !this.#waiting.has(this.#next)) {
      // Overlapping fragments may begin before the next byte; looking for them costs a sort only while some wait.
      if (![...this.#waiting.keys()].some((offset) => offset < this.#next)) return
    }
    for (const offset of [...this.#waiting.keys()].sort((a, b) => a - b)) {
      if (offset > this.#next && !isSettled) return
      // The key was just listed.
      const bytes = this.#waiting.get(offset) as Uint8Array
      this.#waiting.delete(offset)
      this.#waitingBytes -= bytes.length
      if (offset + bytes.length <= this.#next) continue
      if (offset > this.#next) {
        pieces.push({ kind: 'hole', bytes: offset - this.#next })
        this.#next = offset
      }
      const fresh = bytes.subarray(this.#next - offset)
      pieces.push({ kind: 'bytes', bytes: fresh, isStart: fresh.length === bytes.length })
      this.#next += fresh.length
    }
  }
}
