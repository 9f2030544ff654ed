/**
 * In which log entry events lie. All of a block are taken in at once: to find one of them the block was read whole, and the next
 * that is asked for is mostly its neighbour.
 */
export class EventPlaces {
  readonly #entries = new Map<string, number>()
  readonly #most: number

  /** Keeps the last `most` events that were added; one block more while it is the newest. */
  constructor(most: number) {
    this.#most = most
  }

  entryOf(event: string): number | undefined {
    return this.#entries.get(event)
  }

  /** Of an id that stands twice the first entry counts. */
  add(rows: readonly { readonly entry: number; readonly ids: readonly string[] }[]): void {
    const added = new Map<string, number>()
    for (const { entry, ids } of rows) for (const id of ids) if (!added.has(id)) added.set(id, entry)
    for (const [id, entry] of added) {
      this.#entries.delete(id)
      this.#entries.set(id, entry)
    }
    let tooMany = this.#entries.size - Math.max(this.#most, added.size)
    for (const id of this.#entries.keys()) {
      if (tooMany <= 0) return
      this.#entries.delete(id)
      tooMany -= 1
    }
  }

  forget(): void {
    this.#entries.clear()
  }
}
