import { randomUUID } from 'node:crypto'
import type { SignInFault } from '@holdfast/api'
import type { Recorder } from '@holdfast/recorder'
import { REFUSALS_RECORDED, REFUSALS_WINDOW_MS } from './limits.ts'

export type RefusalSources = {
  readonly recorder: Pick<Recorder, 'appendControl'>
  /** Milliseconds of a clock that never steps. */
  readonly now: () => number
  /** Told where a refusal could not be recorded: it stands all the same. */
  readonly onError: (error: unknown) => void
}

export type Refusal = { readonly fault: SignInFault; readonly detail: string; readonly issuer: string }

/** Sign-ins that came to nothing, on record. Anybody may cause them: what a window has beyond its bound is counted. */
export class Refusals {
  readonly #sources: RefusalSources
  #windowEndsAt = 0
  #recorded = 0
  #counted = 0

  constructor(sources: RefusalSources) {
    this.#sources = sources
  }

  /** Settles once it is recorded, or counted. */
  async add({ fault, detail, issuer }: Refusal): Promise<void> {
    const { recorder, now, onError } = this.#sources
    if (now() >= this.#windowEndsAt) {
      this.#windowEndsAt = now() + REFUSALS_WINDOW_MS
      this.#recorded = 0
    }
    if (this.#recorded >= REFUSALS_RECORDED) {
      this.#counted += 1
      return
    }
    this.#recorded += 1
    const more = this.#counted
    this.#counted = 0
    const record = {
      kind: 'operator-action',
      actionId: randomUUID(),
      action: 'sign-in',
      by: 'anyone',
      target: issuer,
      detail: more === 0 ? `${fault}: ${detail}` : `${fault}: ${detail}; ${more} before it were counted, not recorded`,
      outcome: fault === 'unreachable' || fault === 'unverified' ? 'failed' : 'refused',
    } as const
    try {
      await recorder.appendControl(record)
    } catch (error) {
      this.#counted += more + 1
      onError(error)
    }
  }
}
