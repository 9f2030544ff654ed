import type { Attestations } from './attestations.ts'
import { JUDGED_EVERY_MS, LOOK_EVERY_MS } from './limits.ts'
import type { SelfAudits } from './self-audits.ts'
import type { ViolationLedger } from './violation-ledger.ts'

export type ClockworkSources = {
  readonly attestations: Pick<Attestations, 'look'>
  readonly selfAudits: Pick<SelfAudits, 'look'>
  readonly violations: Pick<ViolationLedger, 'look'>
  readonly onError: (error: unknown, what: string) => void
}

/** Looks at the start and from then on whether a day is over or an audit due, and more often what policies say of new acts. */
export class DiagnosticClockwork implements AsyncDisposable {
  readonly #sources: ClockworkSources
  readonly #timers: NodeJS.Timeout[] = []
  #judging: Promise<unknown> = Promise.resolve()
  #looking: Promise<unknown> = Promise.resolve()

  constructor(sources: ClockworkSources) {
    this.#sources = sources
  }

  start(): void {
    this.#timers.push(
      setInterval(() => this.#look(), LOOK_EVERY_MS).unref(),
      setInterval(() => this.#judge(), JUDGED_EVERY_MS).unref(),
    )
    this.#look()
    this.#judge()
  }

  /** What is under way is still written. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    await this.#looking
    await this.#judging
  }

  /** A look that is under way is shared (ViolationLedger.look). */
  #judge(): void {
    const { violations, onError } = this.#sources
    this.#judging = violations
      .look()
      .catch((error: unknown) => onError(error, 'acts could not be held against policies'))
  }

  #look(): void {
    const { attestations, selfAudits, onError } = this.#sources
    this.#looking = Promise.all([
      attestations.look().catch((error: unknown) => onError(error, 'a day could not be attested')),
      selfAudits.look().catch((error: unknown) => onError(error, 'a self-audit that was due could not be held')),
    ])
  }
}
