import type { DriftDay } from './drift-day.ts'
import { Growth } from './growth.ts'
import { CALLS_PER_VALUE, VALUE_CALLS, VALUES_KEPT } from './limits.ts'

/** Values that each argument had, by digest, and how fast they grow. */
export class KnownValues {
  readonly #growth: Growth
  readonly #values = new Map<string, { calls: number; isOpen: boolean; readonly of: Set<string> }>()

  constructor(novelty: number) {
    this.#growth = new Growth(novelty)
  }

  /** Values of an argument, where it takes them from a list that hardly grows. */
  closed(path: string): ReadonlySet<string> | undefined {
    const known = this.#values.get(path)
    if (known === undefined || known.isOpen) return undefined
    if (known.calls < VALUE_CALLS || known.calls < CALLS_PER_VALUE * known.of.size) return undefined
    return this.#growth.isSettled(path) ? known.of : undefined
  }

  /** Takes the arguments of a day in, but for those in `refused`. */
  learn({ day, values }: DriftDay, refused: ReadonlySet<string>): void {
    for (const [path, { calls, isOpen, of }] of values) {
      const known = this.#values.get(path) ?? { calls: 0, isOpen: false, of: new Set<string>() }
      this.#values.set(path, known)
      const before = known.of.size
      for (const digest of of.digests())
        if (!refused.has(`${path} ${digest}`) && known.of.size < VALUES_KEPT) known.of.add(digest)
      known.calls += calls
      known.isOpen ||= isOpen || known.of.size >= VALUES_KEPT
      this.#growth.count(path, day, { fresh: known.of.size - before, seen: calls })
    }
  }
}
