import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A time-stamp authority: OpenSSL's, with a root of its own, behind HTTP. */
export type TestAuthority = AsyncDisposable & {
  readonly url: string
  /** Its root, in PEM. */
  readonly ca: string
  /** What it answers instead of a stamp of the query, once it is set. */
  answer: 'stamp' | 'signed as a web server' | 'the last one again' | 'refusal' | 'noise' | 'endless'
}

type Issued = { readonly extensions: string; readonly issuer: string }

/** Why there can be none here; undefined where there can. */
export function noAuthority(): string | undefined {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'openssl is not installed'
  }
}

/** `isDeep`: its certificate is not of the root itself but of an authority below it, whose certificate is sent along. */
export async function startAuthority({ isDeep = false }: { readonly isDeep?: boolean } = {}): Promise<TestAuthority> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-tsa-'))
  const openssl = (...args: readonly string[]): void =>
    void execFileSync('openssl', [...args], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  writeFileSync(join(folder, 'tsa.cnf'), `${CONFIGURATION}${isDeep ? 'certs = below.pem\n' : ''}`)
  writeFileSync(join(folder, 'serial'), '01\n')
  openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Test root', '-days', '2')
  const issue = (name: string, subject: string, { extensions, issuer }: Issued): void => {
    writeFileSync(join(folder, `${name}.ext`), extensions)
    openssl('req', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${subject}`)
    const of = ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`, '-CAcreateserial']
    const by = [...of, '-extfile', `${name}.ext`, '-days', '2']
    openssl('x509', '-req', '-in', `${name}.csr`, ...by, '-out', `${name}.pem`)
  }
  const issuer = isDeep ? 'below' : 'ca'
  if (isDeep)
    issue('below', 'Test authority below', {
      extensions: 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n',
      issuer: 'ca',
    })
  const certify = (name: string, subject: string, usage: string): void =>
    issue(name, subject, { extensions: `extendedKeyUsage=${usage}\nbasicConstraints=CA:FALSE\n`, issuer })
  certify('signer', 'Test time-stamps', 'critical,timeStamping')
  certify('web', 'shop.example.test', 'critical,serverAuth')
  const http = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      response.setHeader('content-type', 'application/timestamp-reply')
      if (authority.answer === 'noise') return void response.end('no stamp')
      if (authority.answer === 'endless') return void response.end(Buffer.alloc(1024 * 1024))
      const query = authority.answer === 'refusal' ? Buffer.from([0x30, 0]) : Buffer.concat(parts)
      if (authority.answer !== 'the last one again') {
        writeFileSync(join(folder, 'query'), query)
        openssl('ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'query', '-out', 'reply')
      }
      if (authority.answer === 'signed as a web server') signAsWebServer()
      response.end(readFileSync(join(folder, 'reply')))
    })
  })
  /** The same statement under another certificate of the same root, which OpenSSL's own authority refuses to use. */
  const signAsWebServer = (): void => {
    openssl('ts', '-reply', '-in', 'reply', '-token_out', '-out', 'token')
    openssl('cms', '-verify', '-noverify', '-inform', 'DER', '-in', 'token', '-out', 'info')
    const as = ['-signer', 'web.pem', '-inkey', 'web.key', '-econtent_type', '1.2.840.113549.1.9.16.1.4']
    openssl('cms', '-sign', '-binary', '-nodetach', ...as, '-in', 'info', '-outform', 'DER', '-out', 'forged')
    const body = Buffer.concat([Buffer.from([0x30, 3, 2, 1, 0]), readFileSync(join(folder, 'forged'))])
    writeFileSync(
      join(folder, 'reply'),
      Buffer.concat([Buffer.from([0x30, 0x82, body.length >> 8, body.length & 255]), body]),
    )
  }
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo // it listens on TCP
  const authority: TestAuthority = {
    url: `http://127.0.0.1:${port}/`,
    ca: readFileSync(join(folder, 'ca.pem'), 'utf8'),
    answer: 'stamp',
    [Symbol.asyncDispose]: async () => {
      http.closeAllConnections()
      await new Promise((closed) => http.close(closed))
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return authority
}

const CONFIGURATION = `[tsa]
default_tsa = one
[one]
serial = serial
signer_cert = signer.pem
signer_key = signer.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
`
