/** Counts the bytes that requests hold, in total and by sender. One for all connections of a listener. */
export class MemoryBudget {
  readonly #totalLimit: number
  readonly #senderLimit: number
  readonly #bySender = new Map<string, number>()
  #total = 0

  constructor(limits: { readonly totalBytes: number; readonly senderBytes: number }) {
    this.#totalLimit = limits.totalBytes
    this.#senderLimit = limits.senderBytes
  }

  /** Bytes held now. */
  get bytes(): number {
    return this.#total
  }

  lease(sender: string): Lease {
    return new Lease(this, sender)
  }

  /** Which bound stands in the way, if one does. A sender that holds nothing is always given its first bytes. */
  take(sender: string, bytes: number): 'sender-overload' | 'overload' | undefined {
    const held = this.#bySender.get(sender) ?? 0
    if (held > 0 && held + bytes > this.#senderLimit) return 'sender-overload'
    if (this.#total > 0 && this.#total + bytes > this.#totalLimit) return 'overload'
    this.#bySender.set(sender, held + bytes)
    this.#total += bytes
    return undefined
  }

  give(sender: string, bytes: number): void {
    const held = (this.#bySender.get(sender) ?? 0) - bytes
    if (held > 0) this.#bySender.set(sender, held)
    else this.#bySender.delete(sender)
    this.#total -= bytes
  }
}

/** What one request holds; given back when it ends, however it ends. */
export class Lease implements Disposable {
  readonly #budget: MemoryBudget
  readonly #sender: string
  #bytes = 0

  constructor(budget: MemoryBudget, sender: string) {
    this.#budget = budget
    this.#sender = sender
  }

  take(bytes: number): 'sender-overload' | 'overload' | undefined {
    const refusal = this.#budget.take(this.#sender, bytes)
    if (refusal === undefined) this.#bytes += bytes
    return refusal
  }

  [Symbol.dispose](): void {
    if (this.#bytes > 0) this.#budget.give(this.#sender, this.#bytes)
    this.#bytes = 0
  }
}
