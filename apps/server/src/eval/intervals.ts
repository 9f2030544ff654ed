/** One counted share, with the runs that belong together. */
export type Cluster = { readonly hits: number; readonly runs: number }

export type Interval = { readonly low: number; readonly high: number; readonly clusters: number }

const RESAMPLES = 2_000
const SEED = 20_260

/**
 * The middle 95 % of the share when whole clusters are drawn again with replacement: runs of one attack goal or one user task are not
 * independent. Seeded, so that the same counts give the same interval.
 */
export function clusteredInterval(clusters: readonly Cluster[]): Interval | undefined {
  const filled = clusters.filter(({ runs }) => runs > 0)
  if (filled.length === 0) return undefined
  const next = generator(SEED)
  const shares: number[] = []
  for (let i = 0; i < RESAMPLES; i++) {
    let hits = 0
    let runs = 0
    for (let n = 0; n < filled.length; n++) {
      const drawn = filled[Math.floor(next() * filled.length)] ?? { hits: 0, runs: 0 }
      hits += drawn.hits
      runs += drawn.runs
    }
    shares.push(hits / runs)
  }
  shares.sort((a, b) => a - b)
  return {
    low: shares[Math.floor(0.025 * RESAMPLES)] ?? 0,
    high: shares[Math.ceil(0.975 * RESAMPLES) - 1] ?? 1,
    clusters: filled.length,
  }
}

/** The numbers from 0 in an order that the seed decides. */
export function seededOrder(length: number, seed: number): readonly number[] {
  const next = generator(SEED + seed)
  const order = Array.from({ length }, (_, i) => i)
  for (let at = length - 1; at > 0; at--) {
    const other = Math.floor(next() * (at + 1))
    const held = order[at] ?? 0
    order[at] = order[other] ?? 0
    order[other] = held
  }
  return order
}

/** Mulberry32: small, fast, and the same everywhere. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
