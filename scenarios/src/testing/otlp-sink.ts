import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'

export type ReceivedBody = { readonly path: string; readonly contentType: string; readonly bytes: Buffer }

export type OtlpSink = AsyncDisposable & {
  readonly url: string
  /** Bodies in order of arrival, inflated. */
  readonly bodies: readonly ReceivedBody[]
}

/** An OTLP/HTTP receiver on a free loopback port that keeps what it gets and answers success. */
export async function startOtlpSink(): Promise<OtlpSink> {
  const bodies: ReceivedBody[] = []
  const server = createServer((request, response) => {
    void receive(request).then((body) => {
      bodies.push(body)
      const isJson = body.contentType.includes('json')
      response.setHeader('content-type', isJson ? 'application/json' : 'application/x-protobuf')
      // An empty protobuf message is an ExportTraceServiceResponse without partial success.
      response.end(isJson ? '{}' : '')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    bodies,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

async function receive(request: IncomingMessage): Promise<ReceivedBody> {
  const raw = await buffer(request)
  const bytes = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw
  return { path: request.url ?? '', contentType: request.headers['content-type'] ?? '', bytes }
}
