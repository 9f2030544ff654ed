import type { UnixNano } from '@holdfast/model'
import { INCIDENTS_WAITING, RETRY_MOST_MS, RETRY_MS, TRIES_MOST } from './limits.ts'

/** What failed and is tried again, later each time, and at last no more. */
export class Retries {
  /** `notBefore` is undefined while it is being tried. */
  readonly #failed = new Map<string, { readonly tries: number; readonly notBefore: UnixNano | undefined }>()

  /** To be told of each failure: whether it is tried again. */
  failed(id: string, now: UnixNano): 'again' | 'given-up' {
    const tries = (this.#failed.get(id)?.tries ?? 0) + 1
    this.#failed.delete(id)
    if (tries >= TRIES_MOST || this.#failed.size >= INCIDENTS_WAITING) return 'given-up'
    this.#failed.set(id, { tries, notBefore: afterTries(tries, now) })
    return 'again'
  }

  succeeded(id: string): void {
    this.#failed.delete(id)
  }

  /** What is to be tried now; each is named once, until it failed again. */
  due(now: UnixNano): readonly string[] {
    const due = [...this.#failed].filter(([, { notBefore }]) => notBefore !== undefined && notBefore <= now)
    for (const [id, { tries }] of due) this.#failed.set(id, { tries, notBefore: undefined })
    return due.map(([id]) => id)
  }
}

/** When something that failed so often is tried again. */
export function afterTries(tries: number, now: UnixNano): UnixNano {
  const ms = Math.min(RETRY_MS * 2 ** (tries - 1), RETRY_MOST_MS)
  return (now + BigInt(ms) * 1_000_000n) as UnixNano // nanoseconds of the clock stay so
}
