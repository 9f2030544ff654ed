import { BodyPool } from './body-pool.ts'

/** Counts the bytes that requests hold, in total and by sender. One for all connections of a listener. */
export class MemoryBudget {
  readonly #totalLimit: number
  readonly #senderLimit: number
  readonly #bySender = new Map<string, number>()
  readonly #pool = new BodyPool()
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
    return new Lease(this, this.#pool, sender)
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
  readonly #pool: BodyPool
  readonly #sender: string
  readonly #buffers: Buffer<ArrayBuffer>[] = []
  #bytes = 0

  constructor(budget: MemoryBudget, pool: BodyPool, sender: string) {
    this.#budget = budget
    this.#pool = pool
    this.#sender = sender
  }

  take(bytes: number): 'sender-overload' | 'overload' | undefined {
    const refusal = this.#budget.take(this.#sender, bytes)
    if (refusal === undefined) this.#bytes += bytes
    return refusal
  }

  /** Memory of bytes that were {@link take}n before; nothing may refer to it once the lease ends. */
  buffer(bytes: number): Buffer<ArrayBuffer> {
    const buffer = this.#pool.take(bytes)
    this.#buffers.push(buffer)
    return buffer
  }

  [Symbol.dispose](): void {
    for (const buffer of this.#buffers.splice(0)) this.#pool.give(buffer)
    if (this.#bytes > 0) this.#budget.give(this.#sender, this.#bytes)
    this.#bytes = 0
  }
}
