import type { Answer, SignInFault } from '@holdfast/api'
import { ConnectorError, type Identity, type IdentityProvider, type SignInConfig } from '@holdfast/connectors'
import { codePointMark, visibleText } from '@holdfast/model'
import type { Account } from '../accounts/account.ts'
import type { Accounts } from '../accounts/accounts.ts'
import type { Auth } from '../http/auth.ts'
import { Attempts } from './attempts.ts'
import { SHOWN_CHARACTERS } from './limits.ts'
import { Refusals, type RefusalSources } from './refusals.ts'
import { rightsOf } from './rights-of.ts'

/** Where the provider sends browsers back to, below the address of the workspace. */
export const CALLBACK_PATH = '/sign-in/provider/callback'

export type ProviderSignInSources = RefusalSources & {
  readonly config: SignInConfig
  readonly provider: Pick<IdentityProvider, 'begin' | 'finish' | 'identify' | 'issuer' | 'host'>
  readonly accounts: Pick<Accounts, 'admit' | 'nameOf'>
  readonly auth: Pick<Auth, 'open' | 'openForProgram'>
  /** Where people open the workspace. */
  readonly workspace: () => string
  /** Wall clock in milliseconds. */
  readonly nowMs: () => number
}

export type Begun = { readonly status: 'begun'; readonly url: string; readonly browserSecret: string }
export type SignedIn = {
  readonly status: 'signed-in'
  readonly cookie: string
  readonly lifetimeMs: number
  readonly returnTo: string
}
export type Exchanged = {
  readonly status: 'exchanged'
  readonly token: string
  readonly lifetimeMs: number
} & Pick<Account, 'name' | 'role'>
export type NotSignedIn = { readonly status: 'refused'; readonly fault: SignInFault }

/** Lets people in whom an identity provider vouches for and an operator mapped. Who is not let in is on record with the reason. */
export class ProviderSignIn {
  readonly #sources: ProviderSignInSources
  readonly #attempts: Attempts
  readonly #refusals: Refusals

  constructor(sources: ProviderSignInSources) {
    this.#sources = sources
    this.#attempts = new Attempts(sources.now)
    this.#refusals = new Refusals(sources)
  }

  /** How the sign-in page names it, and where it begins. */
  get offer(): NonNullable<Answer<'getSignIn'>['provider']> {
    const { provider, config, workspace } = this.#sources
    const { host, issuer } = provider
    const [scopes, resources] = [[...config.scopes], [...config.resources]]
    return { host, issuer, url: `${workspace()}/sign-in/provider`, scopes, resources }
  }

  /** True where browsers reach the workspace over TLS alone. */
  get isSecure(): boolean {
    return this.#sources.workspace().startsWith('https:')
  }

  /** Where to send a browser that wants to sign in. `returnTo` is a path of the workspace. */
  async begin(returnTo: string): Promise<Begun | NotSignedIn> {
    try {
      const { url, ...attempt } = await this.#sources.provider.begin(`${this.#sources.workspace()}${CALLBACK_PATH}`)
      return { status: 'begun', url, browserSecret: this.#attempts.keep({ ...attempt, returnTo }) }
    } catch (error) {
      return await this.#failed(error)
    }
  }

  /** Lets in the browser that came back. The decision is on record before the session is open (FC3). */
  async finish(query: URLSearchParams, browserSecret: string | undefined): Promise<SignedIn | NotSignedIn> {
    const states = query.getAll('state')
    const attempt = states.length === 1 ? this.#attempts.take(states[0] ?? '', browserSecret) : undefined
    if (attempt === undefined)
      return await this.#refuse('stale', 'it was not begun in this browser, is over, or took too long')
    let identity: Identity
    try {
      identity = await this.#sources.provider.finish(attempt, query)
    } catch (error) {
      return await this.#failed(error)
    }
    const admitted = await this.#admit(identity)
    if ('status' in admitted) return admitted
    const lifetimeMs = this.#lifetimeMs()
    const cookie = this.#sources.auth.open(admitted, lifetimeMs)
    return { status: 'signed-in', cookie, lifetimeMs, returnTo: attempt.returnTo }
  }

  /** Lets in a program that somebody lets speak for them, as long as their access token for `resource` is good. */
  async exchange(token: string, resource: string): Promise<Exchanged | NotSignedIn> {
    const { provider, auth, nowMs } = this.#sources
    try {
      const { identity, expiresAtMs } = await provider.identify(token, resource)
      const admitted = await this.#admit(identity, ` for ${resource}`)
      if ('status' in admitted) return admitted
      const lifetimeMs = Math.max(0, Math.min(this.#lifetimeMs(), expiresAtMs - nowMs()))
      const opened = auth.openForProgram(admitted, lifetimeMs)
      return { status: 'exchanged', token: opened, lifetimeMs, name: admitted.name, role: admitted.role }
    } catch (error) {
      return await this.#failed(error)
    }
  }

  async #admit(identity: Identity, what = ''): Promise<Account | NotSignedIn> {
    const { config, provider, accounts } = this.#sources
    const { issuer, subject } = identity
    const who = `subject ${shown(subject)}${identity.name === undefined ? '' : `, called ${shown(identity.name)}`}`
    const rights = rightsOf(identity.values, config.roles)
    if (rights === undefined)
      return await this.#refuse(
        'not-mapped',
        `${who}: none of its ${config['roles-claim'].join('.')} is mapped to a role`,
      )
    const name = nameOf(identity)
    if (name === undefined)
      return await this.#refuse('no-name', `${who}: ${config['name-claim']} holds no name that an account may have`)
    const reason = `signed in with ${provider.host}${what}`
    const admission = { identity: { issuer, subject }, rights, lifetimeMs: this.#lifetimeMs(), reason }
    const account = await accounts.admit(name, admission)
    if (typeof account !== 'string') return account
    // Renamed there, who is to let them in again has to know which account that is about.
    const known = accounts.nameOf({ issuer, subject }) ?? name
    return await this.#refuse(account, `${who}: as ${name}${known === name ? '' : `, whose account is ${known}`}`)
  }

  #lifetimeMs(): number {
    return Math.round(this.#sources.config['session-hours'] * 3_600_000)
  }

  async #failed(error: unknown): Promise<NotSignedIn> {
    if (!(error instanceof ConnectorError)) throw error
    return await this.#refuse(FAULT_OF[error.code], error.message)
  }

  async #refuse(fault: SignInFault, detail: string): Promise<NotSignedIn> {
    await this.#refusals.add({ fault, detail, issuer: this.#sources.provider.issuer })
    return { status: 'refused', fault }
  }
}

const FAULT_OF: Readonly<Record<ConnectorError['code'], SignInFault>> = {
  unavailable: 'unreachable',
  refused: 'declined',
  unusable: 'unverified',
}

/** As accounts are named, in lower case. Nothing else is made to fit: some letters of other scripts become ASCII in lower case. */
function nameOf({ name = '' }: Identity): string | undefined {
  return /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$/.test(name) ? name.toLowerCase() : undefined
}

/** What a provider says, in a record: on one line, without a byte that does more than stand there. */
function shown(text: string): string {
  return JSON.stringify(visibleText(text.slice(0, SHOWN_CHARACTERS), codePointMark))
}
