import { hash, randomBytes } from 'node:crypto'
import type { SignInAttempt } from '@holdfast/connectors'
import { ATTEMPT_MS, ATTEMPTS } from './limits.ts'

/** A sign-in that a browser has begun. */
export type Attempt = SignInAttempt & { readonly returnTo: string }

type Kept = { readonly attempt: Attempt; readonly browser: string; readonly endsAt: number }

/** Sign-ins under way. Each is good once, for a while, and for the browser alone that began it. */
export class Attempts {
  readonly #now: () => number
  /** Digest of the state -> what was begun with it. */
  readonly #kept = new Map<string, Kept>()

  /** `now` in milliseconds, of a clock that never steps. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Keeps an attempt; gives what the browser has to bring along when it comes back. */
  keep(attempt: Attempt): string {
    const secret = randomBytes(24).toString('base64url')
    const oldest = this.#kept.keys().next().value
    if (this.#kept.size >= ATTEMPTS && oldest !== undefined) this.#kept.delete(oldest)
    this.#kept.set(digestOf(attempt.state), { attempt, browser: digestOf(secret), endsAt: this.#now() + ATTEMPT_MS })
    return secret
  }

  /** The attempt of a state, which is over by being asked for; undefined where it is none of this browser's. */
  take(state: string, secret: string | undefined): Attempt | undefined {
    const key = digestOf(state)
    const kept = this.#kept.get(key)
    this.#kept.delete(key)
    const isGood = kept !== undefined && secret !== undefined && kept.browser === digestOf(secret)
    return isGood && kept.endsAt >= this.#now() ? kept.attempt : undefined
  }
}

/** Found and compared by digest: how long that takes says nothing of the secret. */
function digestOf(secret: string): string {
  return hash('sha256', secret)
}
