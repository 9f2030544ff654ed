import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { type ClientMetadata, type Configuration, errors, Provider } from 'oidc-provider'
import { listenHere, textOf } from '../http-listen.ts'
import { Storage } from './storage.ts'

/** What the provider says of somebody; `sub` is what they sign in under. */
export type Person = Readonly<Record<string, unknown>>

export type IdentityProviderOptions = {
  /** Who may sign in, by what they type; there is no password. */
  readonly people: Readonly<Record<string, Person>>
  /** Where the claims are told; most providers do the first, some the second. */
  readonly claimsIn?: 'id-token' | 'userinfo'
  /** Whom access tokens are made for, as JWTs with the claims of the person, where a client asks for one of these. */
  readonly resources?: readonly string[]
}

export type TestIdentityProvider = AsyncDisposable & {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** To be called before the first sign-in: where the client is that people are sent back to. */
  readonly trust: (redirectUri: string) => void
  /** Answers nothing but 503 until it is called with false. */
  readonly setDown: (isDown: boolean) => void
  /** Paths that were asked for, the oldest first. */
  readonly asked: readonly string[]
}

const CLIENT = { id: 'holdfast', secret: 'the secret of the client, & as long: as it has to be' } as const

/** A program that a person lets speak for them; it has no secret. */
const ASSISTANT: ClientMetadata = {
  client_id: 'assistant',
  token_endpoint_auth_method: 'none',
  redirect_uris: ['http://127.0.0.1/back'],
}

/**
 * A real OpenID provider on a free port of this machine, which asks for PKCE with S256 and believes whoever says their name. Its
 * address is known before its client's is: the client is told of last.
 */
export async function startIdentityProvider(options: IdentityProviderOptions): Promise<TestIdentityProvider> {
  let serve: RequestListener = (_, response) => void response.writeHead(503).end()
  let isDown = false
  const asked: string[] = []
  const listening = await listenHere((request, response) => {
    asked.push(new URL(request.url ?? '/', 'http://localhost').pathname)
    if (isDown) response.writeHead(503).end()
    else serve(request, response)
  })
  return {
    issuer: listening.url,
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    trust: (redirectUri) => {
      serve = answering(new Provider(listening.url, configurationOf(options, redirectUri)), options)
    },
    setDown: (value) => {
      isDown = value
    },
    asked,
    [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
  }
}

function configurationOf(
  { people, claimsIn = 'id-token', resources = [] }: IdentityProviderOptions,
  redirectUri: string,
): Configuration {
  const storage = new Storage()
  const names = [...new Set(Object.values(people).flatMap((person) => Object.keys(person)))]
  return {
    adapter: (model) => storage.adapter(model),
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [redirectUri] }, ASSISTANT],
    jwks: { keys: [{ ...signingKey(), use: 'sig', alg: 'RS256', kid: 'test' }] },
    cookies: { keys: ['not a secret'] },
    pkce: { required: () => true },
    claims: { openid: ['sub'], email: [], profile: names },
    conformIdTokenClaims: claimsIn === 'userinfo',
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_, resource) => {
          if (!resources.includes(resource)) throw new errors.InvalidTarget()
          return { scope: '', audience: resource, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } }
        },
      },
    },
    extraTokenClaims: (_, token) => ('accountId' in token ? people[token.accountId ?? ''] : undefined),
    interactions: { url: (_, { uid }) => `/who/${uid}` },
    findAccount: (_, accountId) => {
      const person = people[accountId]
      return person === undefined ? undefined : { accountId, claims: () => ({ sub: accountId, ...person }) }
    },
    // Nobody is asked what the client may know: it may know all.
    loadExistingGrant: async ({ oidc }) => {
      const { provider, client, session } = oidc
      const grant = new provider.Grant({ clientId: client?.clientId, accountId: session?.accountId })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
  }
}

let made: KeyObject | undefined

/** One for all providers of a process: an RSA key takes a while to find. */
function signingKey() {
  made ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  return made.export({ format: 'jwk' })
}

/** The provider, with its page that asks for a name. */
function answering(provider: Provider, { people }: IdentityProviderOptions): RequestListener {
  const others = provider.callback()
  const ask = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== 'POST') return void response.setHeader('content-type', 'text/html').end(PAGE)
    const form = new URLSearchParams(await textOf(request))
    const accountId = form.get('name') ?? ''
    const isKnown = form.has('decline') ? false : Object.hasOwn(people, accountId)
    const declined = { error: 'access_denied', error_description: '<b>not</b> \u001b[31mtoday' }
    await provider.interactionFinished(request, response, isKnown ? { login: { accountId } } : declined)
  }
  return (request, response) => {
    if (request.url?.startsWith('/who/') === true) ask(request, response).catch(() => response.writeHead(400).end())
    else others(request, response).catch(() => response.destroy())
  }
}

const PAGE =
  '<!doctype html><html lang="en"><title>Who are you?</title><form method="post"><label>Name <input name="name"></label><button>Sign in</button><button name="decline" value="yes">Decline</button></form></html>'
