import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type LocalRequest = {
  readonly method: string
  readonly url: URL
  readonly headers: IncomingMessage['headers']
  readonly body: string
  /** The body as it came. */
  readonly bytes: Buffer
}

export type LocalAnswer = {
  readonly code: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Take the request and give no answer: the connection breaks off. */
  readonly breaksOff?: boolean
}

export type LocalHttp = AsyncDisposable & { readonly url: string; readonly requests: readonly LocalRequest[] }

/** A server on a free port of 127.0.0.1, or of `host`, that answers each request by a function. */
export async function startLocalHttp(
  answer: (request: LocalRequest) => LocalAnswer | Promise<LocalAnswer>,
  { host = '127.0.0.1', port = 0 }: { readonly host?: string; readonly port?: number } = {},
): Promise<LocalHttp> {
  const requests: LocalRequest[] = []
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer) // no encoding is set
    const { method = '', headers } = incoming
    const bytes = Buffer.concat(chunks)
    const request = {
      method,
      url: new URL(incoming.url ?? '/', 'http://localhost'),
      headers,
      body: bytes.toString('utf8'),
      bytes,
    }
    requests.push(request)
    const { code, headers: more = {}, body = '', breaksOff = false } = await answer(request)
    if (breaksOff) incoming.socket.destroy()
    else outgoing.writeHead(code, { 'content-type': 'application/json', ...more }).end(body)
  }
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch(() => incoming.socket.destroy())
  })
  const listening = Promise.withResolvers<void>()
  server.once('error', listening.reject)
  server.listen(port, host, () => listening.resolve())
  await listening.promise
  const { port: bound } = server.address() as AddressInfo // a listening TCP server has one
  return {
    url: `http://${host}:${bound}`,
    requests,
    [Symbol.asyncDispose]: async () => {
      const closed = Promise.withResolvers<void>()
      server.close(() => closed.resolve())
      server.closeAllConnections()
      await closed.promise
    },
  }
}

/** JSON of a body; undefined where it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    // The server that asks answers as the real one does to no JSON.
    return undefined
  }
}

/** What a server does instead of its work: the next of these for each request, then its work. */
export type ServiceFault = 'rate-limited' | 'unavailable' | 'breaks-off' | 'breaks-off-after'
