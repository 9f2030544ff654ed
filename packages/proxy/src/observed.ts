import { McpObserver, type McpObserverOptions, type SeenMessage } from '@holdfast/capture'
import type { Delivery } from './delivery/delivery.ts'
import { ENTRY_BYTES } from './limits.ts'

/**
 * What went by, recorded after it was passed on: reading a message takes longer than passing it, and whoever waits for it
 * must not wait for that.
 */
export class Observed {
  readonly #observer: McpObserver
  readonly #delivery: Pick<Delivery, 'record' | 'lose'>
  readonly #onServer: () => void
  #seen: SeenMessage[] = []
  #known = ''

  /** `onServer` is told when the server's name or its catalogue is another one. */
  constructor(
    options: McpObserverOptions,
    delivery: Pick<Delivery, 'record' | 'lose'>,
    onServer: () => void = () => undefined,
  ) {
    this.#observer = new McpObserver(options)
    this.#delivery = delivery
    this.#onServer = onServer
  }

  /** Name that the server last gave itself. */
  get server(): string | undefined {
    return this.#observer.server
  }

  get catalogue(): McpObserver['catalogue'] {
    return this.#observer.catalogue
  }

  /** Takes a message that was just passed on. `bytes` must not change any more. */
  note(seen: SeenMessage): void {
    if (seen.bytes.length > ENTRY_BYTES) return this.#delivery.lose(1)
    this.#seen.push(seen)
    // One turn of the loop reads a bounded number of bytes from each stream, so the list stays short.
    if (this.#seen.length === 1) setImmediate(() => this.flush())
  }

  /** A message that was too long to be held. */
  lose(): void {
    this.#delivery.lose(1)
  }

  flush(): void {
    const seen = this.#seen
    this.#seen = []
    for (const message of seen) this.#delivery.record(this.#observer.observe(message))
    const known = JSON.stringify([this.server, this.catalogue?.digest, this.catalogue?.isWhole])
    if (known === this.#known) return
    this.#known = known
    this.#onServer()
  }
}
