/** Where a value was first on its day: claimed time, log position, and the execution. */
export type SeenValue = { readonly at: bigint; readonly entry: number; readonly execution: string }

/**
 * Different values that one argument had on one day, by digest, in order. Packed: a busy agent has 750 a day, whose days are held
 * while nobody asks, and as objects they were two thirds of what that took.
 */
export class SeenValues {
  /** Joined by spaces, of which a digest has none. */
  readonly #digests: string
  readonly #at: BigUint64Array
  readonly #entries: Float64Array
  readonly #executions: readonly string[]

  constructor(values: readonly (readonly [digest: string, seen: SeenValue])[]) {
    this.#digests = values.map(([digest]) => digest).join(' ')
    this.#at = BigUint64Array.from(values, ([, { at }]) => at)
    this.#entries = Float64Array.from(values, ([, { entry }]) => entry)
    this.#executions = values.map(([, { execution }]) => execution)
  }

  digests(): readonly string[] {
    return this.#executions.length === 0 ? [] : this.#digests.split(' ')
  }

  /** With where each was first, but for those in `known`. */
  but(known: ReadonlySet<string>): readonly (readonly [digest: string, seen: SeenValue])[] {
    return this.digests().flatMap((digest, i) =>
      known.has(digest)
        ? []
        : [
            [
              digest,
              { at: this.#at[i] ?? 0n, entry: this.#entries[i] ?? 0, execution: this.#executions[i] ?? '' },
            ] as const,
          ],
    )
  }
}
