/** What fell beyond the bounds of rules while one case was held against them: matches, groups, remembered values, signals. */
export class CutCount {
  #count = 0

  get count(): number {
    return this.#count
  }

  add(count: number): void {
    this.#count += count
  }

  /** The first `most`, and the rest is counted. */
  first<T>(all: readonly T[], most: number): readonly T[] {
    if (all.length > most) this.#count += all.length - most
    return all.length > most ? all.slice(0, most) : all
  }
}
