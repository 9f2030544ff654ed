import { getHeapStatistics } from 'node:v8'
import { GIVE_BACK_AGAIN_BYTES, GIVE_BACK_BYTES, REST_BYTES, REST_LOOK_MS } from '../limits.ts'

type HeapParts = {
  /** Bytes of the thread's heap, garbage included. */
  readonly used: () => number
  /** Bytes of the pages that it lies on. */
  readonly held: () => number
  /** Takes some tenths of a second, in which nothing is answered. */
  readonly collect: () => void
}

/**
 * Has garbage collected once a thread has come to rest. V8 collects when more is allocated: after a burst nothing is, and what the
 * burst left (200 MiB, where the days of many busy agents were read) stays resident for as long as nobody asks anything. One collection
 * moves a few MiB of what lives on pages that are mostly free, so there is another as long as pages were given back.
 */
export class GiveBack implements Disposable {
  readonly #parts: HeapParts
  readonly #timer: NodeJS.Timeout
  #last = Infinity
  #floor = 0
  /** True where the last collection gave pages back. */
  #isWorthMore = false

  constructor(parts: HeapParts) {
    this.#parts = parts
    this.#timer = setInterval(() => this.#look(), REST_LOOK_MS).unref()
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  #look(): void {
    const { used, held, collect } = this.#parts
    const now = used()
    const isAtRest = Math.abs(now - this.#last) < REST_BYTES
    this.#last = now
    if (!isAtRest || (now - this.#floor < GIVE_BACK_BYTES && !this.#isWorthMore)) return
    const before = held()
    collect()
    this.#isWorthMore = before - held() >= GIVE_BACK_AGAIN_BYTES
    this.#floor = used()
    this.#last = this.#floor
  }
}

/** Of this thread's own heap; undefined where the program was not started with `--expose-gc`, as `holdfast up` does. */
export function givingBack(): GiveBack | undefined {
  const { gc } = globalThis
  if (gc === undefined) return undefined
  return new GiveBack({
    used: () => getHeapStatistics().used_heap_size,
    held: () => getHeapStatistics().total_physical_size,
    // Of this flavour pages that are free are given back, not kept for the next burst.
    collect: () => gc({ type: 'major', execution: 'sync', flavor: 'last-resort' }),
  })
}
