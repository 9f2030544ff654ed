type Known = {
  readonly agent: string
  /** Kinds of its events; absent where only its agent was looked at. */
  readonly kinds?: ReadonlySet<string>
}

/** Whose entries of the log are and which kinds of events they hold, as far as they were read: so that they need not be read again. */
export class EntryKinds {
  readonly #known = new Map<number, Known>()
  readonly #most: number

  /** Keeps the last `most` entries that were added. */
  constructor(most: number) {
    this.#most = most
  }

  /** False only where it is known that the entry holds nothing of that agent and kind; undefined stands for any. */
  mayHold(index: number, wanted: { readonly agent: string | undefined; readonly kind: string | undefined }): boolean {
    const known = this.#known.get(index)
    if (known === undefined) return true
    if (wanted.agent !== undefined && known.agent !== wanted.agent) return false
    return wanted.kind === undefined || known.kinds === undefined || known.kinds.has(wanted.kind)
  }

  add(index: number, known: Known): void {
    this.#known.delete(index)
    this.#known.set(index, known)
    const [oldest] = this.#known.keys()
    if (this.#known.size > this.#most && oldest !== undefined) this.#known.delete(oldest)
  }

  forget(): void {
    this.#known.clear()
  }
}
