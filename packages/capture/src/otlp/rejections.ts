import type { Rejection } from './scan.ts'

/** Counts rejected records by reason. The reasons are a fixed set of sentences, so it stays small. */
export class Rejections {
  readonly #byReason = new Map<string, number>()

  add(reason: string, records = 1): void {
    this.#byReason.set(reason, (this.#byReason.get(reason) ?? 0) + records)
  }

  list(): readonly Rejection[] {
    return [...this.#byReason].map(([reason, records]) => ({ reason, records }))
  }
}
