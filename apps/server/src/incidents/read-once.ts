import type { StepsOfWork } from '@holdfast/detect'

type Reading<T> = {
  readonly stamp: string
  readonly steps: StepsOfWork<T>
  result?: { readonly value: T } | { readonly error: unknown }
}

/**
 * Holds what was read, for as long as a stamp of everything that it was read from is the same: a page asks half a dozen things of one
 * incident at once. Who asks while it is being read goes on with the same reading, whoever has the turn.
 */
export class ReadOnce<T> {
  readonly #most: number
  readonly #stampNow: () => string
  /** The one that was asked for longest ago first. */
  readonly #readings = new Map<string, Reading<T>>()

  /** `most`: readings that are held. */
  constructor({ most, stampNow }: { readonly most: number; readonly stampNow: () => string }) {
    this.#most = most
    this.#stampNow = stampNow
  }

  /** What was read under that name, or what `read` gives. */
  *of(name: string, read: () => StepsOfWork<T>): StepsOfWork<T> {
    const stamp = this.#stampNow()
    const known = this.#readings.get(name)
    const reading: Reading<T> = known?.stamp === stamp ? known : { stamp, steps: read() }
    this.#readings.delete(name)
    this.#readings.set(name, reading)
    const [oldest] = this.#readings.keys()
    if (this.#readings.size > this.#most && oldest !== undefined) this.#readings.delete(oldest)
    while (reading.result === undefined) {
      this.#step(name, reading)
      if (reading.result === undefined) yield
    }
    if ('error' in reading.result) throw reading.result.error
    return reading.result.value
  }

  /** To be called when what was read is void, whatever its stamp. */
  forget(): void {
    this.#readings.clear()
  }

  #step(name: string, reading: Reading<T>): void {
    try {
      const step = reading.steps.next()
      if (step.done !== true) return
      reading.result = { value: step.value }
      // Read of two states: an answer as good as any of that moment, and none for the next question.
      if (this.#stampNow() === reading.stamp) return
    } catch (error) {
      reading.result = { error }
    }
    if (this.#readings.get(name) === reading) this.#readings.delete(name)
  }
}
