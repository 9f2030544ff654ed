import type { Direction } from './connection.ts'
import type { HeaderBlock } from './hpack.ts'
import { Http2Parser } from './http2.ts'
import type { StreamSink } from './http2.ts'
import { MAX_OPEN_BYTES, MAX_OPEN_EXCHANGES } from './limits.ts'
import { fieldOf, Message } from './message.ts'
import type { Head } from './message.ts'
import { heldBy, missingOf } from './pairing.ts'
import type { OpenExchange, SeenExchange } from './pairing.ts'
import type { Piece } from './reassembler.ts'

/** Both directions of an HTTP/2 connection: a request and its answer share a stream. */
export class Http2Pairing {
  readonly #onExchange: (exchange: SeenExchange) => void
  readonly #parsers: readonly [Http2Parser, Http2Parser]
  readonly #open = new Map<number, OpenExchange>()
  #isMidway: boolean
  #requests: Direction | undefined
  #sinceCheck = 0
  #lastAt = 0n

  constructor(onExchange: (exchange: SeenExchange) => void, isMidway: boolean) {
    this.#onExchange = onExchange
    this.#isMidway = isMidway
    this.#parsers = [new Http2Parser(this.#sink(0), isMidway), new Http2Parser(this.#sink(1), isMidway)]
  }

  get heldBytes(): number {
    let bytes = this.#parsers[0].heldBytes + this.#parsers[1].heldBytes
    for (const exchange of this.#open.values()) bytes += heldBy(exchange)
    return bytes
  }

  push(direction: Direction, piece: Piece, at: bigint): void {
    this.#lastAt = at
    this.#parsers[direction].push(piece, at)
    this.#sinceCheck += piece.kind === 'bytes' ? piece.bytes.length : 0
    // Adding up every stream for every record would cost more than reading it.
    if (this.#sinceCheck < MAX_OPEN_BYTES / 64) return
    this.#sinceCheck = 0
    while (this.#open.size > 0 && this.heldBytes > MAX_OPEN_BYTES) this.#evict()
  }

  end(at: bigint): void {
    this.#lastAt = at
    for (const number of this.#open.keys()) this.#tell(number, undefined)
  }

  #sink(direction: Direction): StreamSink {
    return {
      headers: (stream, block, at) => this.#headers({ direction, stream, block, at }),
      data: (stream, bytes) => this.#message(direction, stream)?.body.push(bytes),
      dataHole: (stream, bytes) => {
        const message = this.#message(direction, stream)
        message?.body.hole(bytes)
        message?.lacks(`${bytes} bytes of the body were not seen`)
      },
      endStream: (stream, at) => this.#endStream(direction, stream, at === 0n ? this.#lastAt : at),
      reset: (stream) => this.#tell(stream, 'the stream was reset'),
      framesLost: (bytes) => {
        this.#isMidway = true
        const why = `${bytes} bytes of the connection were not seen`
        for (const stream of this.#open.keys()) this.#message(direction, stream)?.lacks(why)
      },
    }
  }

  #headers(told: { direction: Direction; stream: number; block: HeaderBlock | undefined; at: bigint }): void {
    const { direction, stream, at } = told
    if (this.#message(direction, stream) !== undefined) return // Trailers.
    const head = headOf(told.block, this.#requests === undefined ? undefined : direction === this.#requests)
    if (head === undefined || (head.kind === 'response' && head.status >= 100 && head.status < 200)) return
    this.#requests ??= head.kind === 'request' ? direction : direction === 0 ? 1 : 0
    let exchange = this.#open.get(stream)
    if (exchange === undefined) {
      if (this.#open.size >= MAX_OPEN_EXCHANGES) this.#evict()
      const nothing = { request: undefined, response: undefined, isRequestDone: false, isResponseDone: false }
      exchange = { number: stream, ...nothing }
      this.#open.set(stream, exchange)
    }
    if (head.kind === 'request') exchange.request = new Message(head, at)
    else exchange.response = new Message(head, at)
  }

  #endStream(direction: Direction, stream: number, at: bigint): void {
    const exchange = this.#open.get(stream)
    if (exchange === undefined) return
    this.#message(direction, stream)?.end(at)
    if (direction === this.#requests) exchange.isRequestDone = true
    else exchange.isResponseDone = true
    // Where frames were lost, the end of the answer is the end of the stream: nothing may follow on the other side.
    const isRequestOver = exchange.isRequestDone || (this.#isMidway && !this.#isHealthy(exchange))
    if (exchange.isResponseDone && isRequestOver) this.#tell(stream, undefined)
  }

  #isHealthy({ request }: OpenExchange): boolean {
    return request !== undefined && request.missing.length === 0
  }

  #message(direction: Direction, stream: number): Message | undefined {
    const exchange = this.#open.get(stream)
    return direction === this.#requests ? exchange?.request : exchange?.response
  }

  #evict(): void {
    const [oldest] = this.#open.keys()
    if (oldest !== undefined) this.#tell(oldest, 'too much was under way on one connection')
  }

  #tell(stream: number, why: string | undefined): void {
    const exchange = this.#open.get(stream)
    if (exchange === undefined) return
    this.#open.delete(stream)
    const { number, request, response } = exchange
    for (const message of [request, response]) if (message?.isEnded === false) message.endedAt = this.#lastAt
    this.#onExchange({
      protocol: 'h2',
      number,
      side: (this.#requests ?? 0) === 0 ? 'client' : 'server',
      isMidway: this.#isMidway,
      request,
      response,
      missing: missingOf(exchange, why),
    })
  }
}

/** Undefined for trailers, and for a block of which neither the kind nor the direction's part is known. */
function headOf(block: HeaderBlock | undefined, isRequest: boolean | undefined): Head | undefined {
  const all = block?.fields ?? []
  const pseudo = (name: string): string | undefined => fieldOf(all, name)
  const fields = all.filter(([name]) => !name.startsWith(':'))
  const unknownFields = block?.unknown ?? 1
  const status = pseudo(':status')
  if (status !== undefined || isRequest === false) {
    // Trailers of a message whose head was not seen tell nothing of it.
    if (status === undefined && unknownFields === 0) return undefined
    return { kind: 'response', status: /^[1-5]\d\d$/.test(status ?? '') ? Number(status) : 0, fields, unknownFields }
  }
  const method = pseudo(':method')
  if (method === undefined && isRequest !== true) return undefined
  if (method === undefined && pseudo(':path') === undefined && unknownFields === 0) return undefined
  const authority = pseudo(':authority') ?? fieldOf(fields, 'host') ?? ''
  return { kind: 'request', method: method ?? '', target: pseudo(':path') ?? '', authority, fields, unknownFields }
}
