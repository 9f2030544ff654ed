/** How an entry of a profile stands, by when it was last seen (requirement book, 6.2). */
export type Standing = {
  /** 2^(-d/h): one on the day it was seen, a half after a half-life. */
  readonly recency: number
  /** `left-out` is not in the envelope any more; `stale` still is, and shown as such. */
  readonly state: 'current' | 'stale' | 'left-out'
  /** Seen on fewer than three days: it enters a proposal only by a decision that is on record. */
  readonly isThin: boolean
}

/** Product choices, named in the requirement book. */
const STALE_BELOW = 0.5
const LEFT_OUT_BELOW = 0.1
const DAYS_TO_TRUST = 3

/** `daysSince`: whole or part days from the last untainted sighting to the instant that is asked about; never negative. */
export function standingOf(options: {
  readonly daysSince: number
  readonly daysSeen: number
  readonly halfLifeDays: number
}): Standing {
  const recency = 2 ** (-Math.max(0, options.daysSince) / options.halfLifeDays)
  const state = recency < LEFT_OUT_BELOW ? 'left-out' : recency < STALE_BELOW ? 'stale' : 'current'
  return { recency, state, isThin: options.daysSeen < DAYS_TO_TRUST }
}
