import { MAX_POOLED_BODY_BYTES, POOL_BYTES } from './limits.ts'

/** Sizes are rounded up to this, so that bodies of about one size share buffers. */
const STEP_BYTES = 128 * 1024

/**
 * Buffers for request bodies, used again once a request has been answered. What lies outside the heap counts against
 * the collector all the same: a new half megabyte for each request made it run every few requests, 6 to 16 ms each time.
 */
export class BodyPool {
  readonly #free = new Map<number, Buffer<ArrayBuffer>[]>()
  #freeBytes = 0

  /** `bytes` of memory that nobody else uses, with whatever lay in it before. */
  take(bytes: number): Buffer<ArrayBuffer> {
    const size = Math.ceil(bytes / STEP_BYTES) * STEP_BYTES
    if (size > MAX_POOLED_BODY_BYTES) return Buffer.allocUnsafeSlow(bytes)
    const held = this.#free.get(size)?.pop()
    if (held !== undefined) this.#freeBytes -= size
    return (held ?? Buffer.allocUnsafeSlow(size)).subarray(0, bytes)
  }

  /** Nobody may use the buffer afterwards, nor any view of it. */
  give({ buffer }: Buffer<ArrayBuffer>): void {
    const size = buffer.byteLength
    if (size > MAX_POOLED_BODY_BYTES || size % STEP_BYTES !== 0 || this.#freeBytes + size > POOL_BYTES) return
    const held = this.#free.get(size) ?? []
    held.push(Buffer.from(buffer))
    this.#free.set(size, held)
    this.#freeBytes += size
  }
}
