import { setTimeout as delay } from 'node:timers/promises'
import { ORDERS_FIRST_RETRY_MS, ORDERS_LAST_RETRY_MS, ORDERS_WAIT_MS } from '../limits.ts'
import type { GivenOrder, OrderBook, OrderReport } from './order-book.ts'
import type { HoldTry } from './try-hold.ts'

/** What a proxy says of itself when it asks for its orders. */
export type OrdersAsk = {
  /** Orders that it carries out or has refused. */
  readonly known: readonly string[]
  readonly reports: readonly OrderReport[]
  readonly tries: readonly { readonly probe: string; readonly checks: readonly HoldTry[] }[]
  /** How long the server may wait while there is nothing new; 0 at the start. */
  readonly waitMs: number
}

/** `probes`: orders to be tried, each under the id that its result is told with. */
export type OrdersAnswer = {
  readonly orders: readonly GivenOrder[]
  readonly probes: readonly { readonly probe: string; readonly order: string }[]
}

export type FollowOptions = {
  readonly book: OrderBook
  /** Rejects where no server answers. */
  readonly ask: (ask: OrdersAsk, signal: AbortSignal) => Promise<OrdersAnswer>
  readonly tryOrder: (order: string) => Promise<readonly HoldTry[]>
}

/**
 * Asks for orders again and again, each time until something is new. While no server answers, the orders stay as they are,
 * and what is to be told waits.
 */
export class OrderFollower implements AsyncDisposable {
  readonly #options: FollowOptions
  readonly #ending = new AbortController()
  readonly #first = Promise.withResolvers<undefined>()
  readonly #following: Promise<void>
  /** Ends the present question, so that the next one tells what is new here. */
  #asking = new AbortController()
  #isFirst = true
  #reports: readonly OrderReport[] = []
  #tries: OrdersAsk['tries'] = []

  constructor(options: FollowOptions) {
    this.#options = options
    this.#following = this.#follow()
  }

  /** Resolves once a server has given its orders, or none has answered within `withinMs`: then those of the last time hold. */
  async ready(withinMs: number): Promise<void> {
    const limit = new AbortController()
    await Promise.race([
      this.#first.promise,
      delay(withinMs, undefined, { signal: limit.signal }).catch(() => undefined),
    ])
    limit.abort()
  }

  /** Something that the proxy says of itself is new. */
  changed(): void {
    if (!this.#isFirst) this.#asking.abort()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort()
    await this.#following
  }

  async #follow(): Promise<void> {
    let retryMs = ORDERS_FIRST_RETRY_MS
    while (!this.#ending.signal.aborted) {
      this.#asking = new AbortController()
      const isAnswered = await this.#askOnce()
      if (isAnswered) {
        retryMs = ORDERS_FIRST_RETRY_MS
        continue
      }
      // No server: those of the last time hold from the start.
      this.#first.resolve(undefined)
      // Told something new while it waited: it asks again at once.
      if (this.#asking.signal.aborted) continue
      await delay(retryMs, undefined, { ref: false, signal: this.#ending.signal }).catch(() => undefined)
      retryMs = Math.min(retryMs * 2, ORDERS_LAST_RETRY_MS)
    }
  }

  async #askOnce(): Promise<boolean> {
    const { book, ask } = this.#options
    this.#reports = [...this.#reports, ...book.takeEnded()]
    const reports = this.#reports
    const tries = this.#tries
    const hasNews = reports.length > 0 || tries.length > 0
    const waitMs = this.#isFirst || hasNews ? 0 : ORDERS_WAIT_MS
    const signals = [this.#ending.signal, this.#asking.signal, AbortSignal.timeout(2 * ORDERS_WAIT_MS)]
    let answer: OrdersAnswer
    try {
      answer = await ask({ known: book.known(), reports, tries, waitMs }, AbortSignal.any(signals))
    } catch {
      // No server, or one that went away: what was to be told is told to the next.
      return false
    }
    this.#reports = this.#reports.slice(reports.length)
    this.#tries = this.#tries.slice(tries.length)
    this.#reports = [...this.#reports, ...book.take(answer.orders)]
    this.#isFirst = false
    this.#first.resolve(undefined)
    await this.#tryAll(answer.probes)
    return true
  }

  async #tryAll(probes: OrdersAnswer['probes']): Promise<void> {
    const { tryOrder } = this.#options
    const tries = probes.map(async ({ probe, order }) => ({ probe, checks: await tryOrder(order) }))
    this.#tries = [...this.#tries, ...(await Promise.all(tries))]
  }
}
