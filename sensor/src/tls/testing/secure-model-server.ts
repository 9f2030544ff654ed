import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { createSecureServer } from 'node:http2'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startModelServer } from '@holdfast/testkit'
import type { Script } from '@holdfast/testkit'

/** The scripted model server behind TLS, for HTTP/1.1 and HTTP/2 as the client chooses. */
export type SecureModelServer = AsyncDisposable & { readonly port: number; readonly bodies: readonly Buffer[] }

/** `bodies` are the answers as they went to the client, in the order in which they ended. */
export async function startSecureModelServer(script: Script): Promise<SecureModelServer> {
  const model = await startModelServer({ script })
  const bodies: Buffer[] = []
  const server = createSecureServer({ ...certificate(), allowHTTP1: true }, (request, response) => {
    relay(model.url, request, response, bodies)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port, // A listening TCP server has one.
    bodies,
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
      await model[Symbol.asyncDispose]()
    },
  }
}

function relay(url: string, request: Http2ServerRequest, response: Http2ServerResponse, bodies: Buffer[]): void {
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !name.startsWith(':')))
  const options = { method: request.method, headers: { ...headers, connection: 'close' } }
  const inner = httpRequest(new URL(request.url, url), options, (answer) => {
    const type = answer.headers['content-type']
    response.writeHead(answer.statusCode ?? 500, type === undefined ? {} : { 'content-type': type })
    const chunks: Buffer[] = []
    answer.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      response.write(chunk)
    })
    answer.on('end', () => {
      bodies.push(Buffer.concat(chunks))
      response.end()
    })
  })
  request.pipe(inner)
}

function certificate(): { readonly key: Buffer; readonly cert: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-tls-'))
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
    const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
    const out = ['-keyout', key, '-out', cert]
    execFileSync('openssl', ['req', '-x509', '-nodes', '-days', '2', ...curve, ...name, ...out], { stdio: 'ignore' })
    return { key: readFileSync(key), cert: readFileSync(cert) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
