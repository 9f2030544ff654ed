import type { IncomingMessage, RequestListener } from 'node:http'
import { createServer } from 'node:http'
import type { Duplex } from 'node:stream'

/** Largest body that is read: far above any request of a test. */
const MAX_BODY_BYTES = 4 * 1024 * 1024

export type Listening = AsyncDisposable & { readonly url: string }

/**
 * Serves on a free port of the loopback interface until it is disposed of, open connections included. Who asks for another protocol
 * is handed to `upgrade`, whose connections are its own to end.
 */
export async function listenHere(
  serve: RequestListener,
  upgrade?: (request: IncomingMessage, socket: Duplex) => void,
): Promise<Listening> {
  const server = createServer(serve)
  if (upgrade !== undefined) server.on('upgrade', upgrade)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

/** Undefined for a body that is too large. */
export async function textOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    const buffer = chunk as Buffer // a request without an encoding yields buffers
    bytes += buffer.length
    if (bytes <= MAX_BODY_BYTES) chunks.push(buffer)
  }
  return bytes > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks).toString('utf8')
}
