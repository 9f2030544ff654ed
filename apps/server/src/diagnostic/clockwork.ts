import type { Attestations } from './attestations.ts'
import { LOOK_EVERY_MS } from './limits.ts'
import type { SelfAudits } from './self-audits.ts'
import type { ViolationLedger } from './violation-ledger.ts'

export type ClockworkSources = {
  readonly attestations: Pick<Attestations, 'look'>
  readonly selfAudits: Pick<SelfAudits, 'look'>
  readonly violations: Pick<ViolationLedger, 'look'>
  readonly onError: (error: unknown, what: string) => void
}

/** Looks at the start and from then on whether a day is over or an audit due. */
export class DiagnosticClockwork implements AsyncDisposable {
  readonly #sources: ClockworkSources
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<unknown> = Promise.resolve()

  constructor(sources: ClockworkSources) {
    this.#sources = sources
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS).unref()
    this.#look()
  }

  /** What is under way is still written. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    await this.#looking
  }

  #look(): void {
    const { attestations, selfAudits, violations, onError } = this.#sources
    this.#looking = Promise.all([
      attestations.look().catch((error: unknown) => onError(error, 'a day could not be attested')),
      violations.look().catch((error: unknown) => onError(error, 'acts could not be held against policies')),
      selfAudits.look().catch((error: unknown) => onError(error, 'a self-audit that was due could not be held')),
    ])
  }
}
