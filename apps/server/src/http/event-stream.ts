import type { FastifyReply } from 'fastify'
import { STREAM_BACKLOG_BYTES } from '../limits.ts'

/** One open server-sent event stream. Rows that a slow reader cannot take are dropped, counted, and said. */
export class EventStream {
  readonly #reply: FastifyReply
  #dropped = 0

  constructor(reply: FastifyReply, onClose: () => void) {
    this.#reply = reply
    reply.hijack()
    // Hijacked, so what the hooks have set for every answer is not sent unless it is handed over.
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(name, value)
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    reply.raw.write(': open\n\n')
    reply.raw.on('close', onClose)
  }

  /** Sends one event; `json` is one line of JSON. */
  send(event: string, json: string, id?: string): void {
    if (this.#reply.raw.writableLength > STREAM_BACKLOG_BYTES) {
      this.#dropped += 1
      return
    }
    if (this.#dropped > 0) {
      this.#reply.raw.write(`event: dropped\ndata: ${JSON.stringify({ dropped: this.#dropped })}\n\n`)
      this.#dropped = 0
    }
    this.#reply.raw.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${json}\n\n`)
  }

  /** A comment line, so that proxies keep the connection and a dead one is noticed. */
  beat(): void {
    this.#reply.raw.write(': beat\n\n')
  }

  end(): void {
    this.#reply.raw.end()
  }
}
