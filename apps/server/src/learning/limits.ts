/** Ordinary conversations of an incident's agents that a rule is held against, the latest before the chain began. */
export const ORDINARY_READ = 200
/** Conversations of one agent that are looked through for them. */
export const CONVERSATIONS_LOOKED = 4_000
/** Entries of one ordinary conversation that are read: its shapes repeat. */
export const ORDINARY_ENTRIES = 1_000
/** Rules that met nothing ordinary and are replayed, the earliest first: each replay reads the chain many times. */
export const RULES_REPLAYED = 8
/** Cases of one incident that are replayed together. */
export const CASES_REPLAYED = 16
/** Positions of one refinement that are told apart; more are told as one run from the first to the last. */
export const RUNS_KEPT = 1_000
/** Positions that a rule is said to match. */
export const MATCHES_KEPT = 32
/** Times of gaps that are at hand, apart from each other: a sender is told of at most once a second. Of more every question reads the log. */
export const GAP_TIMES_KEPT = 100_000
/** Gap records read before others have their turn. */
export const GAPS_PER_TURN = 500
/** Contained cases whose exposure is counted, the latest: each is read anew from the log. */
export const EXPOSED_CASES = 200
