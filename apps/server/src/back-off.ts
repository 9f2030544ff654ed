/** How soon a failed try is repeated: the first pause, by what the pauses grow, and the longest, of ours and of those that the other side asks for. */
export type Pace = {
  readonly firstMs: number
  readonly factor: number
  readonly longestMs: number
  readonly longestAskedMs: number
}

/**
 * Milliseconds until the next try after so many, growing, and scattered over the upper half so that many that failed together
 * do not return together. Never sooner than the other side asked for, within reason.
 */
export function retryAfterMs(pace: Pace, attempt: number, random: () => number, askedMs = 0): number {
  const { firstMs, factor, longestMs, longestAskedMs } = pace
  const grown = Math.min(firstMs * factor ** Math.max(0, attempt - 1), longestMs)
  const scattered = grown * (0.5 + random() / 2)
  return Math.max(scattered, Math.min(askedMs, longestAskedMs))
}
