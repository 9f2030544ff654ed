import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { CUT_OFF_MS } from '../limits.ts'

type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse }

/** The connections of the API, so that the end of the server waits for its own work and for nobody else. */
export class OpenConnections {
  readonly #sockets = new Set<Socket>()
  readonly #exchanges = new Map<Socket, Exchange>()

  /** To be made before the server listens. */
  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => {
        this.#sockets.delete(socket)
        this.#exchanges.delete(socket)
      })
    })
    server.on('request', (request, response) => this.#exchanges.set(request.socket, { request, response }))
  }

  /** Ends every connection but those on which we owe an answer: the request came whole, and nothing was said yet. */
  cutOff(): void {
    for (const socket of this.#sockets) {
      const exchange = this.#exchanges.get(socket)
      if (exchange === undefined || !isOwed(exchange)) socket.destroy()
    }
  }
}

/**
 * Closes the app: requests that came whole are answered. Who has not ended an upload, or not read an answer, in that time
 * is cut off, then and again: whether a sender ever ends is the sender's choice, and stopping must not wait for it.
 */
export async function closeApp(
  app: Pick<FastifyInstance, 'close'>,
  { connections, afterMs = CUT_OFF_MS }: { readonly connections: OpenConnections; readonly afterMs?: number },
): Promise<void> {
  const cut = setInterval(() => connections.cutOff(), afterMs)
  try {
    await app.close()
  } finally {
    clearInterval(cut)
  }
}

function isOwed({ request, response }: Exchange): boolean {
  return request.complete && !response.headersSent
}
