/** Work one after the other: what one came to is told to who asked for it, and the next is done all the same. */
export function oneByOne(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }
}

/** The same for each key by itself. A key is forgotten once nothing waits under it. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>()

  /** How many keys have work that is not over. */
  get size(): number {
    return this.#last.size
  }

  /** Settles as the work does, which begins once all that came before it under its key is over. */
  take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const done = (this.#last.get(key) ?? Promise.resolve()).then(work)
    const forget = (): void => {
      if (this.#last.get(key) === settled) this.#last.delete(key)
    }
    const settled = done.then(forget, forget)
    this.#last.set(key, settled)
    return done
  }
}
