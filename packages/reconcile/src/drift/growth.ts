import { SETTLED_DAYS } from './limits.ts'

/** How much was new on each of the last days, by name: what goes on growing has nothing new in it. */
export class Growth {
  readonly #novelty: number
  readonly #recent = new Map<string, { day: number; fresh: number; seen: number }[]>()

  /** `novelty`: new entries for each observation that what is settled may have. */
  constructor(novelty: number) {
    this.#novelty = novelty
  }

  count(name: string, day: number, { fresh, seen }: { readonly fresh: number; readonly seen: number }): void {
    const days = this.#recent.get(name) ?? []
    this.#recent.set(name, days)
    const newest = days.at(-1)
    if (newest?.day === day) {
      newest.fresh += fresh
      newest.seen += seen
      return
    }
    days.push({ day, fresh, seen })
    if (days.length > SETTLED_DAYS) days.shift()
  }

  isSettled(name: string): boolean {
    const days = this.#recent.get(name) ?? []
    const fresh = days.reduce((sum, day) => sum + day.fresh, 0)
    const seen = days.reduce((sum, day) => sum + day.seen, 0)
    return fresh <= this.#novelty * seen + 1
  }
}
