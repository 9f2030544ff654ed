import type { ProjectionStore } from '@holdfast/recorder'

/**
 * Changes of several keys that stand together or not at all: a process that is killed leaves either all of them or none. What is
 * read through it is as it will be.
 */
export class StagedChanges {
  readonly #store: ProjectionStore
  /** Undefined: the key goes. */
  readonly #changes = new Map<string, Uint8Array | undefined>()

  constructor(store: ProjectionStore) {
    this.#store = store
  }

  get(key: string): Uint8Array | undefined {
    return this.#changes.has(key) ? this.#changes.get(key) : this.#store.get(key)
  }

  /** The first key with this beginning, in byte order. */
  firstKey(prefix: string): string | undefined {
    const own = [...this.#changes].filter(([key]) => key.startsWith(prefix))
    const staged = own.flatMap(([key, value]) => (value === undefined ? [] : [key]))
    const gone = new Set(own.flatMap(([key, value]) => (value === undefined ? [key] : [])))
    const stored = this.#store.scan({ prefix, limit: gone.size + 1 }).map(([key]) => key)
    const [first] = [...staged, ...stored.filter((key) => !gone.has(key))].toSorted((a, b) =>
      Buffer.compare(Buffer.from(a), Buffer.from(b)),
    )
    return first
  }

  put(key: string, value: Uint8Array): void {
    this.#changes.set(key, value)
  }

  delete(key: string): void {
    this.#changes.set(key, undefined)
  }

  /** Does all of it in one commit. */
  commit(): void {
    const all = [...this.#changes]
    this.#changes.clear()
    this.#store.apply({
      cursor: this.#store.cursor,
      puts: all.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
      deletes: all.flatMap(([key, value]) => (value === undefined ? [key] : [])),
    })
  }
}
