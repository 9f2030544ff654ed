import { withdrawLapsed, type PolicyCluster } from './cluster-policies.ts'
import { SWEEP_MS } from './limits.ts'
import type { PolicyBook } from './policy-book.ts'

/** Sees to it that no cluster goes on refusing in the name of a policy that is not enforced any more. */
export class PlacedKeeper implements Disposable {
  readonly #sources: { readonly book: PolicyBook; readonly clusters: readonly PolicyCluster[] }
  readonly #onFailure: (failure: string) => void
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  /** Told once for as long as it stays. */
  #told: readonly string[] = []

  constructor(
    sources: { readonly book: PolicyBook; readonly clusters: readonly PolicyCluster[] },
    onFailure: (failure: string) => void,
  ) {
    this.#sources = sources
    this.#onFailure = onFailure
  }

  start(): void {
    this.#timer = setInterval(() => void this.sweep(), SWEEP_MS)
    this.#timer.unref()
  }

  sweep(): Promise<void> {
    this.#running ??= this.#sweep().finally(() => (this.#running = undefined))
    return this.#running
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  async #sweep(): Promise<void> {
    const failures = await withdrawLapsed(this.#sources)
    for (const failure of failures) if (!this.#told.includes(failure)) this.#onFailure(failure)
    this.#told = failures
  }
}
