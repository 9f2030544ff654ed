import type { Direction } from './connection.ts'
import { Http1Parser } from './http1.ts'
import { MAX_OPEN_BYTES, MAX_OPEN_EXCHANGES } from './limits.ts'
import { Message } from './message.ts'
import type { Head, MessageSink } from './message.ts'
import { heldBy, missingOf } from './pairing.ts'
import type { OpenExchange, SeenExchange } from './pairing.ts'
import type { Piece } from './reassembler.ts'

/** Both directions of an HTTP/1.1 connection: answers come in the order of their requests. */
export class Http1Pairing {
  readonly #onExchange: (exchange: SeenExchange) => void
  readonly #parsers: readonly [Http1Parser, Http1Parser]
  readonly #open: OpenExchange[] = []
  readonly #isOrdered: boolean
  #isMidway: boolean
  #number = 0
  /** Which direction the requests take; undefined until a message was seen. */
  #requests: Direction | undefined
  /** An answer may begin although no request waits for one. */
  #isSettled = false
  #hasLeft = false

  constructor(onExchange: (exchange: SeenExchange) => void, { isMidway, isOrdered }: Joined) {
    this.#onExchange = onExchange
    this.#isMidway = isMidway
    this.#isOrdered = isOrdered
    this.#parsers = [new Http1Parser(this.#sink(0)), new Http1Parser(this.#sink(1))]
  }

  get heldBytes(): number {
    const bodies = this.#open.reduce((sum, exchange) => sum + heldBy(exchange), 0)
    return bodies + this.#parsers[0].heldBytes + this.#parsers[1].heldBytes
  }

  push(direction: Direction, piece: Piece, at: bigint): void {
    if (this.#hasLeft) return
    this.#parsers[direction].push(piece, at)
    // A request may be what an answer waits for.
    this.#parsers[direction === 0 ? 1 : 0].resume(at)
    if (this.#open.length > 0 && this.heldBytes > MAX_OPEN_BYTES) this.#evict()
  }

  settle(at: bigint): void {
    this.#isSettled = true
    for (const parser of this.#parsers) parser.resume(at)
    this.#isSettled = false
  }

  end(at: bigint): void {
    this.#isSettled = true
    // Requests end first, so that the answers find them.
    const requests = this.#requests ?? 0
    this.#parsers[requests].end(at)
    this.#parsers[requests === 0 ? 1 : 0].end(at)
    for (const exchange of this.#open.splice(0)) this.#tell(exchange, undefined)
  }

  #sink(direction: Direction): MessageSink {
    return {
      begin: (head, at) => this.#begin(direction, head, at),
      done: (message) => this.#done(message),
      mayAnswer: () => this.#isOrdered || this.#isSettled || this.#isMidway || this.#unanswered() !== undefined,
      methodToAnswer: () => this.#unanswered()?.request?.head.method ?? '',
      lost: () => this.#lose(),
      leaveHttp: () => {
        this.#hasLeft = true
      },
    }
  }

  #begin(direction: Direction, head: Head, at: bigint): Message {
    this.#requests ??= head.kind === 'request' ? direction : direction === 0 ? 1 : 0
    if (head.kind === 'request') {
      const request = new Message(head, at)
      this.#add({ request })
      return request
    }
    const response = new Message(head, at)
    const asked = this.#unanswered()
    if (asked === undefined) this.#add({ response })
    else asked.response = response
    return response
  }

  #add(seen: Partial<Pick<OpenExchange, 'request' | 'response'>>): void {
    if (this.#open.length >= MAX_OPEN_EXCHANGES) this.#evict()
    this.#number += 1
    this.#open.push({
      number: this.#number,
      request: seen.request,
      response: seen.response,
      // What was never seen does not have to end.
      isRequestDone: seen.request === undefined,
      isResponseDone: false,
    })
  }

  #done(message: Message): void {
    const at = this.#open.findIndex(({ request, response }) => request === message || response === message)
    const exchange = this.#open[at]
    if (exchange === undefined) return
    if (exchange.request === message) exchange.isRequestDone = true
    else exchange.isResponseDone = true
    if (!exchange.isRequestDone || !exchange.isResponseDone) return
    this.#open.splice(at, 1)
    this.#tell(exchange, undefined)
  }

  /** Which request an answer belongs to is not known any more for those under way. */
  #lose(): void {
    this.#isMidway = true
    for (const exchange of this.#open.splice(0)) this.#tell(exchange, 'records of the connection were lost')
  }

  #evict(): void {
    const oldest = this.#open.shift()
    if (oldest !== undefined) this.#tell(oldest, 'too much was under way on one connection')
  }

  #unanswered(): OpenExchange | undefined {
    return this.#open.find(({ response }) => response === undefined)
  }

  #tell(exchange: OpenExchange, why: string | undefined): void {
    const { number, request, response } = exchange
    this.#onExchange({
      protocol: 'http/1.1',
      number,
      side: (this.#requests ?? 0) === 0 ? 'client' : 'server',
      isMidway: this.#isMidway,
      request,
      response,
      missing: missingOf(exchange, why),
    })
  }
}

/** `isOrdered`: a request always comes before its answer, so that an answer without one has lost it. */
type Joined = { readonly isMidway: boolean; readonly isOrdered: boolean }
