import { generateKeyPairSync, sign } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { createServer, type ServerResponse } from 'node:http'

type Claims = Readonly<Record<string, unknown>>

/** What a provider that means harm puts in place of what is right. */
export type Forgery = {
  readonly metadata?: (right: Claims) => Claims
  readonly claims?: (right: Claims) => Claims
  readonly header?: Claims
  /** Signs with a key that it does not publish. */
  readonly hasOtherKey?: boolean
  readonly token?: (right: Claims) => Claims
}

type Keys = { readonly own: ReturnType<typeof rsaKey>; readonly other: ReturnType<typeof rsaKey> }

/** Of all providers of a process: an RSA key takes a while to find. */
let keys: Keys | undefined

/** A provider that answers the token request of anybody, and forges as it is told; everything else about it is right. */
export async function startForgingProvider(
  forgery: Forgery,
): Promise<AsyncDisposable & { readonly issuer: string; nonce: string }> {
  keys ??= { own: rsaKey(), other: rsaKey() }
  const { own, other } = keys
  const state = { issuer: '', nonce: '' }
  const answers: Readonly<Record<string, () => unknown>> = {
    '/.well-known/openid-configuration': () => {
      const { issuer } = state
      const right = {
        issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      }
      return forgery.metadata?.(right) ?? right
    },
    '/keys': () => ({ keys: [{ ...own.publicKey.export({ format: 'jwk' }), kid: 'own', alg: 'RS256', use: 'sig' }] }),
    '/token': () => {
      const now = Math.floor(Date.now() / 1_000)
      const { issuer, nonce } = state
      const right = { iss: issuer, sub: 'ann', aud: 'holdfast', iat: now, exp: now + 60, nonce }
      const claims = { ...right, email: 'ann@corp.test', email_verified: true, groups: ['soc'] }
      const header = { alg: 'RS256', kid: 'own', ...forgery.header }
      const signed = [header, forgery.claims?.(claims) ?? claims]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.')
      const { privateKey } = forgery.hasOtherKey === true ? other : own
      const signature =
        header.alg === 'none' ? '' : sign('sha256', Buffer.from(signed), privateKey).toString('base64url')
      const answer = { access_token: 'x', token_type: 'Bearer', id_token: `${signed}.${signature}` }
      return forgery.token?.(answer) ?? answer
    },
  }
  const server = createServer((request, response) => {
    request.resume()
    answer(response, answers[new URL(request.url ?? '/', 'http://localhost').pathname]?.())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a listening TCP server has one
  state.issuer = `http://127.0.0.1:${port}`
  return Object.assign(state, {
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

function rsaKey() {
  return generateKeyPairSync('rsa', { modulusLength: 2048 })
}

function answer(response: ServerResponse, body: unknown): void {
  response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body ?? {}))
}
