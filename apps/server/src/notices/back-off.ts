import { BACK_OFF, FIRST_RETRY_MS, LONGEST_ASKED_PAUSE_MS, LONGEST_RETRY_MS } from './limits.ts'

/**
 * Milliseconds until the next try after so many, growing, and scattered over the upper half so that many that failed together
 * do not return together. Never sooner than the other side asked for, within reason.
 */
export function retryAfterMs(attempt: number, random: () => number, askedMs = 0): number {
  const grown = Math.min(FIRST_RETRY_MS * BACK_OFF ** Math.max(0, attempt - 1), LONGEST_RETRY_MS)
  const scattered = grown * (0.5 + random() / 2)
  return Math.max(scattered, Math.min(askedMs, LONGEST_ASKED_PAUSE_MS))
}
