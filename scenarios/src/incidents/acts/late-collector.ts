import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** A collector that is cut off from where it delivers to. */
export type LateCollector = AsyncDisposable & {
  readonly url: string
  /** Delivers all that came so far, as it came. */
  readonly release: (otlpUrl: string) => Promise<void>
}

type Held = { readonly path: string; readonly headers: Record<string, string>; readonly body: Buffer }

/** Takes OTLP over HTTP, answers success and holds it until it is released: records arrive late, with their own times. */
export async function startLateCollector(): Promise<LateCollector> {
  const held: Held[] = []
  const server = createServer((request, response) => {
    keep(request).then(
      (one) => {
        held.push(one)
        // An empty message of protobuf is an answer without partial success.
        response.end()
      },
      () => response.destroy(),
    )
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  // A TCP server that listens has an address of this type.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    release: async (otlpUrl) => {
      for (const { path, headers, body } of held.splice(0)) {
        const response = await fetch(`${otlpUrl}${path}`, { method: 'POST', headers, body: new Uint8Array(body) })
        if (!response.ok) throw new Error(`${path} answered ${response.status}`)
      }
    },
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()))
      server.closeAllConnections()
      await closed
    },
  }
}

async function keep(request: IncomingMessage): Promise<Held> {
  const headers = Object.fromEntries(
    ['content-type', 'content-encoding'].flatMap((name) => {
      const value = request.headers[name]
      return typeof value === 'string' ? [[name, value]] : []
    }),
  )
  return { path: request.url ?? '/v1/traces', headers, body: await buffer(request) }
}
