/** Below this a type is a guess, and what is done must be right for all three (selector rows 2 and 3). */
export const CONFIDENCE_FLOOR = 0.6

/** Harm is fast where the next harmful act is likely within so long. */
export const FAST_GAP_MS = 300_000

/** How long a type may stay open while a rung is provisional, and while nothing is held (selector rows 2 and 3). */
export const CLASSIFY_PROVISIONAL_MS = 900_000
export const CLASSIFY_WATCHED_MS = 1_800_000

/** A runbook has some 300 lines of text. */
export const MAX_RUNBOOK_BYTES = 256 * 1024

/** Aliases in one document: ours use none, and each multiplies what a small file unfolds to. */
export const MAX_ALIASES = 16

/** Steps of one case that are read: three runbooks have under 100 tasks, and a long case states each fact some dozen times. */
export const MAX_CASE_STEPS = 10_000

/** Agents that may be contained in a minute without a second person: an incident's worth, not a fleet's. */
export const CONTAINED_A_MINUTE = 10

/** How long a plan may be applied: the longest of the short clocks, after which the incident is looked at anew. */
export const PLAN_VALID_MS = 900_000

/** How long a hold lasts by itself: a shift's first half, so that somebody decides whether it goes on. */
export const HOLD_TTL_MS = 14_400_000
