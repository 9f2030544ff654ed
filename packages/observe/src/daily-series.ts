/** Counts of one day by entry. */
export type DayCounts = ReadonlyMap<string, number>

/** What one day adds to the convergence of a dimension (requirement book, 6.1). Days without observations have none. */
export type DaySummary = {
  /** Days since 1970-01-01 in UTC, of claimed times. */
  readonly day: number
  readonly observations: number
  /** Distinct entries of that day, and how many of them were never seen before. */
  readonly entries: number
  readonly fresh: number
  /** n: fresh entries / observations. */
  readonly novelty: number
  /** J, 0 to 1: how far the day is from the aged profile of the day before. 1 where there was none. */
  readonly distance: number
  /** V: sample variance of J over the last seven days with traffic; undefined before the second of them. */
  readonly spread: number | undefined
}

const SPREAD_DAYS = 7

/** The series of one dimension, by day. `days` need not be in order. */
export function dailySeries(
  days: ReadonlyMap<number, DayCounts>,
  { halfLifeDays }: { readonly halfLifeDays: number },
): readonly DaySummary[] {
  const profile = new AgedProfile(halfLifeDays)
  const distances: number[] = []
  return [...days]
    .filter(([, counts]) => counts.size > 0)
    .toSorted(([a], [b]) => a - b)
    .map(([day, counts]) => {
      const observations = [...counts.values()].reduce((sum, count) => sum + count, 0)
      const fresh = [...counts.keys()].filter((key) => !profile.knows(key)).length
      const distance = profile.distanceTo(counts, observations)
      profile.add(day, counts)
      distances.push(distance)
      const spread = sampleVariance(distances.slice(-SPREAD_DAYS))
      return { day, observations, entries: counts.size, fresh, novelty: fresh / observations, distance, spread }
    })
}

/** Frequencies in which each sighting counts 2^(-age/h), its age in whole days. */
class AgedProfile {
  readonly #halfLifeDays: number
  /** Weights as of {@link #day}; the sum of all of them beside. */
  readonly #weights = new Map<string, number>()
  #total = 0
  #day: number | undefined

  constructor(halfLifeDays: number) {
    this.#halfLifeDays = halfLifeDays
  }

  knows(key: string): boolean {
    return this.#weights.has(key)
  }

  /** Normalised, so that all weights age alike from one day to the next and only their shares count. */
  distanceTo(counts: DayCounts, observations: number): number {
    if (this.#total === 0) return 1
    const shares = [...counts].map(
      ([key, count]) => [count / observations, (this.#weights.get(key) ?? 0) / this.#total] as const,
    )
    // What of the profile the day did not show counts as P = 0: each such share adds q/2.
    const elsewhere = Math.max(0, 1 - shares.reduce((sum, [, q]) => sum + q, 0))
    return squareRootOf(shares, elsewhere)
  }

  add(day: number, counts: DayCounts): void {
    const factor = this.#day === undefined ? 1 : 2 ** (-(day - this.#day) / this.#halfLifeDays)
    this.#day = day
    for (const [key, weight] of this.#weights) this.#weights.set(key, weight * factor)
    for (const [key, count] of counts) this.#weights.set(key, (this.#weights.get(key) ?? 0) + count)
    this.#total = [...this.#weights.values()].reduce((sum, weight) => sum + weight, 0)
  }
}

/** Jensen-Shannon distance, base 2, of two distributions over the same entries: 0 to 1, with 0 log 0 = 0. */
export function distanceOf(shares: readonly (readonly [p: number, q: number])[]): number {
  return squareRootOf(shares, 0)
}

function squareRootOf(shares: readonly (readonly [p: number, q: number])[], onlyInProfile: number): number {
  const term = (x: number, m: number): number => (x === 0 ? 0 : x * Math.log2(x / m))
  const sum = shares.reduce((total, [p, q]) => total + (term(p, (p + q) / 2) + term(q, (p + q) / 2)) / 2, 0)
  return Math.sqrt(Math.min(1, Math.max(0, sum + onlyInProfile / 2)))
}

function sampleVariance(values: readonly number[]): number | undefined {
  if (values.length < 2) return undefined
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
}
