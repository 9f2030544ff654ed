import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type TlsRelay = AsyncDisposable & {
  readonly url: string
  /** The certificate that a client must trust, as a file. */
  readonly certificate: string
}

/** A server of plain HTTP behind TLS, as a provider's is. Needs `openssl`. */
export async function startTlsRelay(behind: string): Promise<TlsRelay> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-tls-'))
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
  const out = ['-keyout', key, '-out', certificate]
  execFileSync('openssl', ['req', '-x509', '-nodes', '-days', '2', ...curve, ...name, ...out], { stdio: 'ignore' })
  const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (asked, answer) => {
    const options = { method: asked.method, headers: { ...asked.headers, connection: 'close' } }
    const inner = request(new URL(asked.url ?? '/', behind), options, (got) => {
      answer.writeHead(got.statusCode ?? 502, { 'content-type': got.headers['content-type'] ?? 'application/json' })
      got.pipe(answer)
    })
    asked.pipe(inner)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a TCP server has such an address
  return {
    url: `https://127.0.0.1:${port}`,
    certificate,
    [Symbol.asyncDispose]: async () => {
      server.close()
      server.closeAllConnections()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
