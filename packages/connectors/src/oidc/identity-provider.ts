import * as client from 'openid-client'
import { ConnectorError } from '../connector-error.ts'
import { ANSWER_BYTES } from '../http/limits.ts'
import { Outgoing, type OutgoingOptions } from '../http/outgoing.ts'
import type { SignInConfig } from './config.ts'
import { keysAt, type ProviderKeys, verifyToken } from './access-token.ts'
import { faultOf } from './fault.ts'
import { type ClaimNames, hasClaims, type Identity, identityOf } from './identity.ts'
import { METADATA_MS } from './limits.ts'

export type ProviderOptions = {
  readonly clientSecret: string
  /** Certificates to trust instead of the system's, as PEM. */
  readonly ca?: string
  /** Wall clock in milliseconds, by which tokens are good or not. */
  readonly nowMs: () => number
  readonly resolve?: OutgoingOptions['resolve']
}

/** What one sign-in is held against when the browser comes back. Secret: whoever has it can take the place of the browser. */
export type SignInAttempt = {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  /** Where the provider sends the browser back to. */
  readonly redirectUri: string
}

type Metadata = { readonly server: client.ServerMetadata; readonly keys: ProviderKeys; readonly untilMs: number }

/**
 * One OpenID Connect provider, asked for who somebody is: authorization code with PKCE, state and nonce, the ID token's signature
 * checked against the provider's keys. Nothing is asked before the first sign-in. Every fault is a ConnectorError.
 */
export class IdentityProvider {
  /** Host, and port where it is not the usual one, as people see it. */
  readonly host: string
  readonly issuer: string
  readonly #config: SignInConfig
  readonly #options: ProviderOptions
  readonly #outgoing: Outgoing
  readonly #claims: ClaimNames
  #metadata: Metadata | undefined
  /** One question at a time, however many browsers wait for its answer. */
  #asking: Promise<Metadata> | undefined

  constructor(config: SignInConfig, options: ProviderOptions) {
    this.issuer = config.issuer
    this.host = new URL(config.issuer).host
    this.#config = config
    this.#options = options
    this.#claims = { name: config['name-claim'], values: config['roles-claim'] }
    const { ca, resolve } = options
    this.#outgoing = new Outgoing({
      allow: config.allow,
      ...(ca === undefined ? {} : { ca }),
      ...(resolve === undefined ? {} : { resolve }),
    })
  }

  /** Where to send a browser, and what to hold it against when it comes back. Throws `unavailable` or `unusable`. */
  async begin(redirectUri: string): Promise<SignInAttempt & { readonly url: string }> {
    try {
      const configuration = this.#configuration(await this.#known())
      const attempt = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
        redirectUri,
      }
      const url = client.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: this.#config.scopes.join(' '),
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
        code_challenge_method: 'S256',
      })
      this.#assertReachable(url)
      return { ...attempt, url: url.href }
    } catch (error) {
      throw faultOf(error)
    }
  }

  /**
   * Who came back, by the query that the browser brought. Throws `refused` where the provider or the person said no, `unusable`
   * where what it says cannot be believed, `unavailable` where it does not answer.
   */
  async finish({ state, nonce, verifier, redirectUri }: SignInAttempt, query: URLSearchParams): Promise<Identity> {
    try {
      const configuration = this.#configuration(await this.#known())
      const back = new URL(redirectUri)
      back.search = query.toString()
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier }
      const tokens = await client.authorizationCodeGrant(configuration, back, checks)
      const claims = tokens.claims()
      const all = claims === undefined || hasClaims(claims, this.#claims) ? claims : await told(configuration, tokens)
      const identity = identityOf(this.issuer, all, this.#claims)
      if (identity === undefined) throw new ConnectorError('unusable', 'the ID token names nobody')
      return identity
    } catch (error) {
      throw faultOf(error)
    }
  }

  /**
   * Whom an access token speaks for that the provider made for a resource of ours, and until when. Throws `unusable` where it
   * cannot be believed, `unavailable` where the provider's keys cannot be had.
   */
  async identify(
    token: string,
    resource: string,
  ): Promise<{ readonly identity: Identity; readonly expiresAtMs: number }> {
    try {
      if (!this.#config.resources.includes(resource))
        throw new ConnectorError('unusable', 'no resource of that name is configured')
      const { keys, server } = await this.#known()
      const checks = { issuer: server.issuer, resource, keys, nowMs: this.#options.nowMs() }
      const { claims, expiresAtMs } = await verifyToken(token, checks)
      const identity = identityOf(this.issuer, claims, this.#claims)
      if (identity === undefined) throw new ConnectorError('unusable', 'the token names nobody')
      return { identity, expiresAtMs }
    } catch (error) {
      throw faultOf(error)
    }
  }

  #known(): Promise<Metadata> {
    const known = this.#metadata
    if (known !== undefined && this.#options.nowMs() < known.untilMs) return Promise.resolve(known)
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined
    })
    return this.#asking
  }

  async #ask(): Promise<Metadata> {
    const { 'client-id': id } = this.#config
    const found = await client.discovery(new URL(this.issuer), id, undefined, client.None(), {
      [client.customFetch]: this.#fetch,
      execute: this.#relaxed(),
    })
    const untilMs = this.#options.nowMs() + METADATA_MS
    const server = found.serverMetadata()
    const keys = keysAt(server.jwks_uri ?? '', (url, { method, headers }) =>
      this.#fetch(url, { method, headers: Object.fromEntries(headers), body: undefined, redirect: 'manual' }),
    )
    this.#metadata = { server, keys, untilMs }
    return this.#metadata
  }

  #configuration({ server }: Metadata): client.Configuration {
    const { 'client-id': id, 'client-authentication': by } = this.#config
    const { clientSecret, nowMs } = this.#options
    const authentication =
      by === 'basic' ? client.ClientSecretBasic(clientSecret) : client.ClientSecretPost(clientSecret)
    // The library reads the system's clock: what ours differs from it by is told to it.
    const skewSeconds = Math.round((nowMs() - Date.now()) / 1_000)
    const configuration = new client.Configuration(server, id, { [client.clockSkew]: skewSeconds }, authentication)
    configuration[client.customFetch] = this.#fetch
    // Without it, a token that came over TLS is believed for that alone.
    client.enableNonRepudiationChecks(configuration)
    for (const relax of this.#relaxed()) relax(configuration)
    return configuration
  }

  /** A provider on this machine may be spoken to without TLS; Outgoing sees to it that it is on this machine. */
  #relaxed(): ((configuration: client.Configuration) => void)[] {
    return this.issuer.startsWith('http:') ? [client.allowInsecureRequests] : []
  }

  /** What the provider names for the browser is a page of the web, and of TLS unless the provider itself is without. */
  #assertReachable({ protocol }: URL): void {
    if (protocol === 'https:' || (protocol === 'http:' && this.issuer.startsWith('http:'))) return
    throw new ConnectorError('unusable', `the provider sends browsers to ${protocol}: https is needed`)
  }

  readonly #fetch: client.CustomFetch = async (url, { method, headers, body }) => {
    if (method !== 'GET' && method !== 'POST')
      throw new ConnectorError('unusable', `${method} is not sent to a provider`)
    // A GET has none, and every POST of this flow is a form.
    const sent = body instanceof URLSearchParams ? { body: body.toString() } : {}
    const answer = await this.#outgoing.send({ method, url, headers, ...sent })
    if (answer.status !== 'answered')
      throw new ConnectorError(
        answer.status === 'unreachable' ? 'unavailable' : 'unusable',
        `${URL.parse(url)?.host ?? 'the provider'}: ${answer.reason}`,
      )
    if (Buffer.byteLength(answer.body) >= ANSWER_BYTES)
      throw new ConnectorError('unusable', `an answer of the provider has ${ANSWER_BYTES} bytes or more`)
    if (answer.code >= 500) throw new ConnectorError('unavailable', `the provider answered ${answer.code}`)
    const type = answer.contentType === undefined ? {} : { 'content-type': answer.contentType }
    // A status without a body may be given none.
    return new Response(answer.body === '' ? null : answer.body, { status: answer.code, headers: type })
  }
}

type Tokens = Awaited<ReturnType<typeof client.authorizationCodeGrant>>

/** The claims of the ID token, and what the provider tells beside it of the same subject. */
async function told(configuration: client.Configuration, tokens: Tokens): Promise<unknown> {
  const claims = tokens.claims()
  if (claims === undefined || configuration.serverMetadata().userinfo_endpoint === undefined) return claims
  const more = await client.fetchUserInfo(configuration, tokens.access_token, claims.sub)
  // What was signed comes first.
  return { ...more, ...claims }
}
