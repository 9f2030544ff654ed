type Bounds = {
  /** For how long after each question. */
  readonly afterMs: number
  /** For how long at most in one go; for as long it has its turns then. */
  readonly mostMs: number
}

/** When work that can wait stands back for those who ask, so that it has at least half of the time however much is asked. */
export class StandBack {
  readonly #bounds: Bounds
  /** When it began to stand back. */
  #since: number | undefined
  /** Until when it has its turns whoever asks. */
  #owedUntil = -Infinity

  constructor(bounds: Bounds) {
    this.#bounds = bounds
  }

  /** For how many milliseconds to stand back from now on; 0 where the work may go on. `quietMs`: since somebody asked last. */
  restMs(nowMs: number, quietMs: number): number {
    const { afterMs, mostMs } = this.#bounds
    const rest = afterMs - quietMs
    if (rest <= 0 || nowMs < this.#owedUntil) {
      this.#since = undefined
      return 0
    }
    this.#since ??= nowMs
    const left = this.#since + mostMs - nowMs
    if (left > 0) return Math.min(rest, left)
    this.#owedUntil = nowMs + mostMs
    this.#since = undefined
    return 0
  }
}
