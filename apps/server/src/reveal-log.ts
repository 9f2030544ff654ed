import type { ControlRecord } from '@holdfast/model'
import { REVEAL_WINDOW_MS, REVEALS_REMEMBERED } from './limits.ts'

export type RevealLogOptions = {
  /** Resolves once the record is durable; what cannot be recorded is not shown. */
  readonly write: (record: ControlRecord) => Promise<unknown>
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number
  /** An id for each reading that is recorded. */
  readonly makeId: () => string
}

/**
 * Records who read captured content, before it is shown (FC3). One record stands for what a caller reads of one trace
 * within a minute: a person who opens a conversation reads dozens of texts.
 */
export class RevealLog {
  readonly #options: RevealLogOptions
  /** Caller and trace -> when the record was asked for, with the promise that it is durable. Oldest first. */
  readonly #recorded = new Map<string, { readonly atMs: number; readonly done: Promise<unknown> }>()

  constructor(options: RevealLogOptions) {
    this.#options = options
  }

  /** What `read` gives, handed over once the reading is on record as well; the two go on at the same time. */
  async during<T>({
    by,
    target,
    read,
  }: {
    readonly by: string
    readonly target: string
    readonly read: () => Promise<T>
  }): Promise<T> {
    const recorded = this.record(by, target)
    const content = read()
    // Where it cannot be recorded, nobody is left to hear why it could not be read either.
    content.catch(() => undefined)
    await recorded
    return await content
  }

  /** Resolves once the reading is on record; rejects where it cannot be recorded, and then nothing may be shown. */
  async record(by: string, target: string): Promise<void> {
    const key = `${by}\n${target}`
    const known = this.#recorded.get(key)
    const atMs = this.#options.now()
    if (known !== undefined && atMs - known.atMs < REVEAL_WINDOW_MS) return void (await known.done)
    const done = this.#options.write({
      kind: 'operator-action',
      action: 'reveal-content',
      actionId: this.#options.makeId(),
      by,
      target,
      detail: `captured content, for ${REVEAL_WINDOW_MS / 1000} s`,
      outcome: 'intended',
    })
    this.#recorded.delete(key)
    this.#recorded.set(key, { atMs, done })
    const oldest = this.#recorded.keys().next().value
    if (this.#recorded.size > REVEALS_REMEMBERED && oldest !== undefined) this.#recorded.delete(oldest)
    try {
      await done
    } catch (error) {
      this.#recorded.delete(key)
      throw error
    }
  }
}

/** What a record of reading an event names: its trace, or the event where it has none. */
export function revealTarget(event: string): string {
  const [, trace] = /^([0-9a-f]{32})\./.exec(event) ?? []
  return trace === undefined ? `event ${event}` : `trace ${trace}`
}
