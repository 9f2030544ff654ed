import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A proxy that listens. Disposing it ends its streams. */
export type HttpProxy = AsyncDisposable & {
  /** What a client is given in place of the address that stands behind it. */
  readonly url: string
}

export type ListenOptions = {
  /** The address that stands behind the proxy, its path included. */
  readonly upstream: URL
  readonly host: string
  /** 0 picks a free one. */
  readonly port: number
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/** Listens, and hands on what does not come from a page that rebinds its name to us. */
export async function listenHttp(
  { upstream, host, port }: ListenOptions,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<HttpProxy> {
  const isLoopback = host === '127.0.0.1' || host === '::1' || host === 'localhost'
  // Streams of server-sent events last for hours, so no time-out of a whole request.
  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    const asked = (request.headers.host ?? '').replace(/:\d+$/, '')
    if (!isLoopback || LOOPBACK.includes(asked)) return handle(request, response)
    response.writeHead(421, { 'content-type': 'text/plain' }).end(`this proxy answers to localhost\n`)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  // A listening TCP server has one.
  const { port: own } = server.address() as AddressInfo
  const name = host.includes(':') ? `[${host}]` : host
  return {
    url: `http://${name}:${own}${upstream.pathname === '/' ? '' : upstream.pathname}`,
    [Symbol.asyncDispose]: () => closed(server),
  }
}

async function closed(server: Server): Promise<void> {
  const done = new Promise((resolve) => server.close(resolve))
  server.closeAllConnections()
  await done
}
