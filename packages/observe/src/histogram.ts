/**
 * Counts of amounts in buckets of equal ratio: quantiles to within 1 % whatever the range, two of them add up, and what was
 * put in can be taken out again. Sparse: bucket number -> how many.
 */
export type Histogram = ReadonlyMap<number, number>

/** Neighbouring bounds are 2 % apart, so that the middle of a bucket is within 1 % of all that is in it. */
const RATIO = 1.02

/** The bucket of a positive amount. */
export function bucketOf(amount: number): number {
  return Math.ceil(Math.log(amount) / Math.log(RATIO) - 1e-9)
}

/** One amount more, or with `by` -1 one less. */
export function counted(histogram: Histogram, amount: number, by: 1 | -1 = 1): Histogram {
  const bucket = bucketOf(amount)
  const next = new Map(histogram)
  const count = (histogram.get(bucket) ?? 0) + by
  if (count === 0) next.delete(bucket)
  else next.set(bucket, count)
  return next
}

/** All amounts of both. */
export function added(a: Histogram, b: Histogram): Histogram {
  const sum = new Map(a)
  for (const [bucket, count] of b) sum.set(bucket, (sum.get(bucket) ?? 0) + count)
  return sum
}

export type Spread = { readonly count: number; readonly p50: number; readonly p95: number; readonly p99: number }

/** How many amounts, and their quantiles; undefined where there is none. */
export function spreadOf(histogram: Histogram): Spread | undefined {
  const buckets = [...histogram].toSorted(([a], [b]) => a - b)
  const count = buckets.reduce((sum, [, n]) => sum + n, 0)
  if (count === 0) return undefined
  const at = (share: number): number => {
    let seen = 0
    for (const [bucket, n] of buckets) {
      seen += n
      if (seen >= share * count) return valueOf(bucket)
    }
    return valueOf(buckets.at(-1)?.[0] ?? 0)
  }
  return { count, p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

/** The middle of a bucket, as the whole number that a count would be. */
function valueOf(bucket: number): number {
  const middle = (2 * RATIO ** bucket) / (1 + RATIO)
  return middle < 100 ? Math.round(middle) : Number(middle.toPrecision(3))
}
