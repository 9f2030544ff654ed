import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Access } from '@holdfast/api'
import type { AccountRole } from '@holdfast/model'
import type { Role } from '@holdfast/respond'
import { type Account, approvesAs } from '../accounts/account.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { SESSION_MS, SESSIONS, SESSIONS_PER_CALLER, SIGN_IN_CODE_MS, SIGN_IN_CODES } from '../limits.ts'

/** Who asks, once the credential was checked. */
export type Caller = {
  /** Name of the account; `token` for the one token of the data folder, whoever holds it. */
  readonly name: string
  readonly role: AccountRole
  /** As whom it may say yes to a plan, whoever the agent; see approverOf for the owner of one. */
  readonly approves: readonly Role[]
}

const RANK: Readonly<Record<Access, number>> = { public: 0, viewer: 1, analyst: 2, responder: 3, admin: 4 }

export const SESSION_COOKIE = 'holdfast_session'

/** The token of the folder is one admin, never two people: what is opened with it is the same one. */
export const FOLDER_CALLER: Caller = { name: 'token', role: 'admin', approves: approvesAs('admin', []) }

/** A dot is in no cookie of ours. */
const PROGRAM_PREFIX = 'hfs.'

/** Whose session it is: the account's by its name and the log position of its token, else the folder's. */
type Holder = { readonly name: string; readonly credential: number | undefined }
type Opened = Holder & { readonly endsAt: number }

const FOLDER: Holder = { name: FOLDER_CALLER.name, credential: undefined }

export type AuthSources = {
  /** The one token of this data folder. */
  readonly token: string
  /** Milliseconds of a clock that never steps. */
  readonly now: () => number
  readonly accounts: Pick<Accounts, 'ofToken' | 'ofCredential'>
}

/** The tokens of this data folder and its accounts, and the sessions that sign-in links opened. Nobody is let in by default (FC11). */
export class Auth {
  readonly #tokenDigest: Buffer
  readonly #now: () => number
  readonly #accounts: AuthSources['accounts']
  /** Digest of the cookie -> whose it is and when it ends. Sessions end with the process: a restart prints a new link. */
  readonly #sessions = new Map<string, Opened>()
  readonly #codes = new Map<string, Opened>()

  constructor({ token, now, accounts }: AuthSources) {
    this.#tokenDigest = digestOf(token)
    this.#now = now
    this.#accounts = accounts
  }

  /** A code that opens one session, once: of an account, or of the folder's own caller. */
  makeSignInCode(account?: Account): string {
    const code = randomBytes(24).toString('base64url')
    const holder = account === undefined ? FOLDER : { name: account.name, credential: account.credential }
    dropOldest(this.#codes, SIGN_IN_CODES)
    this.#codes.set(digestOf(code).toString('hex'), { ...holder, endsAt: this.#now() + SIGN_IN_CODE_MS })
    return code
  }

  /** The cookie's value, or undefined where the code is unknown, used or too old. */
  signIn(code: string): string | undefined {
    const key = digestOf(code).toString('hex')
    const opened = this.#codes.get(key)
    this.#codes.delete(key)
    return opened === undefined || opened.endsAt < this.#now() ? undefined : this.#open(opened, SESSION_MS)
  }

  /** The cookie's value of a session of somebody who was let in, for so long at most. */
  open({ name, credential }: Account, lifetimeMs: number): string {
    return this.#open({ name, credential }, lifetimeMs)
  }

  /** The same for a program, as a bearer token: no cookie is one, and it is no cookie. */
  openForProgram({ name, credential }: Account, lifetimeMs: number): string {
    return `${PROGRAM_PREFIX}${this.#open({ name, credential }, lifetimeMs, PROGRAM_PREFIX)}`
  }

  #open({ name, credential }: Holder, lifetimeMs: number, prefix = ''): string {
    const now = this.#now()
    // What is over takes no room of what is not.
    for (const [key, { endsAt }] of this.#sessions) if (endsAt < now) this.#sessions.delete(key)
    const own = [...this.#sessions].filter(([, session]) => session.name === name)
    // Who signs in again and again ends their own sessions, not those of others.
    if (own.length >= SESSIONS_PER_CALLER && own[0] !== undefined) this.#sessions.delete(own[0][0])
    dropOldest(this.#sessions, SESSIONS)
    const cookie = randomBytes(32).toString('base64url')
    const key = digestOf(prefix + cookie).toString('hex')
    this.#sessions.set(key, { name, credential, endsAt: now + lifetimeMs })
    return cookie
  }

  /** Ends the session of a cookie, or of a program's token. True where there was one; other tokens are revoked, and end nothing here. */
  signOut(secret: string): boolean {
    return this.#sessions.delete(digestOf(secret).toString('hex'))
  }

  /** The caller that a bearer token speaks for. */
  byToken(token: string): Caller | undefined {
    if (timingSafeEqual(digestOf(token), this.#tokenDigest)) return FOLDER_CALLER
    if (token.startsWith(PROGRAM_PREFIX)) return this.#bySession(token)
    // Found by its digest: how long that takes says nothing of the token.
    const account = this.#accounts.ofToken(token)
    return account === undefined ? undefined : callerOfAccount(account)
  }

  /** The caller of a session, as its account is now. */
  byCookie(cookie: string): Caller | undefined {
    return cookie.startsWith(PROGRAM_PREFIX) ? undefined : this.#bySession(cookie)
  }

  #bySession(secret: string): Caller | undefined {
    const key = digestOf(secret).toString('hex')
    const opened = this.#sessions.get(key)
    if (opened === undefined) return undefined
    const caller = opened.endsAt < this.#now() ? undefined : this.#callerOf(opened)
    if (caller === undefined) this.#sessions.delete(key)
    return caller
  }

  #callerOf({ name, credential }: Holder): Caller | undefined {
    if (credential === undefined) return FOLDER_CALLER
    const account = this.#accounts.ofCredential(name, credential)
    return account === undefined ? undefined : callerOfAccount(account)
  }
}

/** True where the caller may use a route. */
export function mayCall(caller: Pick<Caller, 'role'> | undefined, access: Access): boolean {
  return access === 'public' || (caller !== undefined && RANK[caller.role] >= RANK[access])
}

/** An account as a caller. */
export function callerOfAccount({ name, role, marks }: Account): Caller {
  return { name, role, approves: approvesAs(role, marks) }
}

function dropOldest(held: Map<string, Opened>, most: number): void {
  const oldest = held.keys().next().value
  if (held.size >= most && oldest !== undefined) held.delete(oldest)
}

function digestOf(secret: string): Buffer {
  return hash('sha256', secret, 'buffer')
}
