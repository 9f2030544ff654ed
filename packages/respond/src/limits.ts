/** Below this a type is a guess, and what is done must be right for all three (selector rows 2 and 3). */
export const CONFIDENCE_FLOOR = 0.6

/** Harm is fast where the next harmful act is likely within so long. */
export const FAST_GAP_MS = 300_000

/** How long a type may stay open while a rung is provisional, and while nothing is held (selector rows 2 and 3). */
export const CLASSIFY_PROVISIONAL_MS = 900_000
export const CLASSIFY_WATCHED_MS = 1_800_000
