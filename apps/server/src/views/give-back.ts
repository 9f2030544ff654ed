import { GIVE_BACK_BYTES, REST_BYTES, REST_LOOK_MS } from '../limits.ts'

/**
 * Has garbage collected once a thread has come to rest. V8 collects when more is allocated: after a burst nothing is, and what the
 * burst left (200 MiB, where the days of many busy agents were read) stays resident for as long as nobody asks anything.
 */
export class GiveBack implements Disposable {
  readonly #used: () => number
  readonly #collect: () => void
  readonly #timer: NodeJS.Timeout
  #last = Infinity
  #floor = 0

  /** `used`: bytes of the thread's heap, garbage included. `collect`: takes some tenths of a second, in which nothing is answered. */
  constructor({ used, collect }: { readonly used: () => number; readonly collect: () => void }) {
    this.#used = used
    this.#collect = collect
    this.#timer = setInterval(() => this.#look(), REST_LOOK_MS).unref()
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  #look(): void {
    const used = this.#used()
    const isAtRest = Math.abs(used - this.#last) < REST_BYTES
    this.#last = used
    if (!isAtRest || used - this.#floor < GIVE_BACK_BYTES) return
    this.#collect()
    this.#floor = this.#used()
    this.#last = this.#floor
  }
}
