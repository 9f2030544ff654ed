import { hash } from 'node:crypto'
import { ApiError, createClient } from '@holdfast/api'
import { TOKENS_EXCHANGED } from './limits.ts'

/** What a request may be made as: with a token of the server, or not at all, with the status that says so. */
export type Bearer =
  | { readonly status: 'good'; readonly token: string }
  | { readonly status: 'refused'; readonly code: number; readonly words: string }

type Exchanged = { readonly token: string; readonly untilMs: number }

export type ProviderTokensOptions = {
  /** Where the server is. */
  readonly http: string
  /** Milliseconds of a clock that never steps. */
  readonly nowMs: () => number
}

/**
 * Access tokens that assistants got from the identity provider of the server. None is passed on: it was made for this process, and
 * is exchanged for a token of the server, once.
 */
export class ProviderTokens {
  readonly #options: ProviderTokensOptions
  /** Digest of an access token -> what it was exchanged for. */
  readonly #exchanged = new Map<string, Exchanged>()

  constructor(options: ProviderTokensOptions) {
    this.#options = options
  }

  /** What RFC 9728 has an MCP server say of itself; undefined where the server takes no tokens for this address. */
  async metadata(resource: string): Promise<object | undefined> {
    const { provider } = await this.#client().call('getSignIn')
    if (provider?.resources.includes(resource) !== true) return undefined
    return {
      resource,
      authorization_servers: [provider.issuer],
      // Without a scope some providers give nothing, or a token without the claims that are mapped.
      scopes_supported: provider.scopes,
      bearer_methods_supported: ['header'],
      resource_name: 'Holdfast',
    }
  }

  /** What to speak to the server with for whoever sent `bearer`. Tokens of accounts are those of the server already. */
  async tokenFor(bearer: string, resource: string): Promise<Bearer> {
    if (!isJwt(bearer)) return { status: 'good', token: bearer }
    const key = hash('sha256', bearer)
    const known = this.#exchanged.get(key)
    if (known !== undefined && (await this.#isGood(known))) return { status: 'good', token: known.token }
    this.#exchanged.delete(key)
    try {
      const body = { token: bearer, resource }
      const { token, expiresInMs } = await this.#client().call('exchangeToken', { body })
      const oldest = this.#exchanged.keys().next().value
      if (this.#exchanged.size >= TOKENS_EXCHANGED && oldest !== undefined) this.#exchanged.delete(oldest)
      this.#exchanged.set(key, { token, untilMs: this.#options.nowMs() + expiresInMs })
      return { status: 'good', token }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      // A server that takes no such tokens does not know this one.
      const code = error.status === 404 ? 401 : error.status === 0 ? 503 : error.status
      return { status: 'refused', code, words: error.message }
    }
  }

  /** Asked of the server each time: it may have been started anew, or the account revoked. */
  async #isGood({ token, untilMs }: Exchanged): Promise<boolean> {
    if (untilMs <= this.#options.nowMs()) return false
    try {
      await this.#client(token).call('getSession')
      return true
    } catch (error) {
      if (error instanceof ApiError) return false
      throw error
    }
  }

  #client(token?: string) {
    const { http } = this.#options
    return createClient({
      baseUrl: http,
      fetch: (url, init) => fetch(url, init),
      ...(token === undefined ? {} : { token }),
    })
  }
}

/** Tokens of the server have no dots but behind `hfs`, which no assistant is given. */
function isJwt(token: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)
}
