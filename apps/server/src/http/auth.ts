import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Access } from '@holdfast/api'
import { SESSION_MS, SESSIONS, SIGN_IN_CODE_MS } from '../limits.ts'

/** Who asks, once the credential was checked. */
export type Caller = { readonly name: string; readonly role: Exclude<Access, 'public'> }

const RANK: Readonly<Record<Access, number>> = { public: 0, viewer: 1, analyst: 2, admin: 3 }

export const SESSION_COOKIE = 'holdfast_session'

/** The one token of this data folder, and the sessions that sign-in links opened. Nothing is let in by default (FC11). */
export class Auth {
  readonly #tokenDigest: Buffer
  readonly #now: () => number
  /** Digest of the cookie -> when it ends. Sessions end with the process: a restart prints a new link. */
  readonly #sessions = new Map<string, number>()
  readonly #codes = new Map<string, number>()

  /** `now`: milliseconds of a clock that never steps. */
  constructor({ token, now }: { readonly token: string; readonly now: () => number }) {
    this.#tokenDigest = digestOf(token)
    this.#now = now
  }

  /** A code that opens one session, once. */
  makeSignInCode(): string {
    const code = randomBytes(24).toString('base64url')
    this.#codes.set(digestOf(code).toString('hex'), this.#now() + SIGN_IN_CODE_MS)
    return code
  }

  /** The cookie's value, or undefined where the code is unknown, used or too old. */
  signIn(code: string): string | undefined {
    const key = digestOf(code).toString('hex')
    const endsAt = this.#codes.get(key)
    this.#codes.delete(key)
    if (endsAt === undefined || endsAt < this.#now()) return undefined
    const oldest = this.#sessions.keys().next().value
    if (this.#sessions.size >= SESSIONS && oldest !== undefined) this.#sessions.delete(oldest)
    const cookie = randomBytes(32).toString('base64url')
    this.#sessions.set(digestOf(cookie).toString('hex'), this.#now() + SESSION_MS)
    return cookie
  }

  signOut(cookie: string): void {
    this.#sessions.delete(digestOf(cookie).toString('hex'))
  }

  /** The caller that a bearer token speaks for. */
  byToken(token: string): Caller | undefined {
    return timingSafeEqual(digestOf(token), this.#tokenDigest) ? { name: 'token', role: 'admin' } : undefined
  }

  byCookie(cookie: string): Caller | undefined {
    const key = digestOf(cookie).toString('hex')
    const endsAt = this.#sessions.get(key)
    if (endsAt === undefined) return undefined
    if (endsAt >= this.#now()) return { name: 'workspace', role: 'admin' }
    this.#sessions.delete(key)
    return undefined
  }
}

/** True where the caller may use a route. */
export function mayCall(caller: Caller | undefined, access: Access): boolean {
  return access === 'public' || (caller !== undefined && RANK[caller.role] >= RANK[access])
}

function digestOf(secret: string): Buffer {
  return hash('sha256', secret, 'buffer')
}
