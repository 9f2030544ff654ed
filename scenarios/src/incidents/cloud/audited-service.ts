import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

export type ServiceRequest = {
  readonly method: string
  /** Parts of the path. */
  readonly path: readonly string[]
  readonly query: URLSearchParams
  /** Who names itself in `x-principal-arn`: a session of an assumed role. */
  readonly principal: string
  readonly body: Buffer
}

export type ServiceAnswer = { readonly status: number; readonly body?: string; readonly audit?: string }

/** A service on a loopback port that keeps an audit log, as a cloud does. */
export type AuditedService = AsyncDisposable & {
  readonly url: string
  /** Lines of the log so far, in order. */
  readonly auditLog: () => readonly string[]
}

/** Serves `answer`, and keeps what each answer says is to be written down. */
export async function startAuditedService(answer: (request: ServiceRequest) => ServiceAnswer): Promise<AuditedService> {
  const log: string[] = []
  const server = createServer((request, response) => {
    serve(request).then(
      ({ status, body = '' }) => response.writeHead(status).end(body),
      () => response.destroy(),
    )
  })
  const serve = async (request: IncomingMessage): Promise<ServiceAnswer> => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const given = answer({
      method: request.method ?? 'GET',
      path: url.pathname.split('/').filter((part) => part !== ''),
      query: url.searchParams,
      principal: String(request.headers['x-principal-arn'] ?? ''),
      body: await buffer(request),
    })
    if (given.audit !== undefined) log.push(given.audit)
    return given
  }
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  // A TCP server that listens has an address of this type.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    auditLog: () => [...log],
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()))
      server.closeAllConnections()
      await closed
    },
  }
}
