/** Log positions read for one entry of a profile: a line of a policy names as many. */
export const PROOFS_PER_ENTRY = 16
/** Entries of a profile that become facts: a profile of more has no policy that anybody could review. */
export const FACTS_MOST = 20_000
/** Acts on one resource that become facts, of as many as a scope reads for each principal. */
export const USES_MOST = 100_000
/** Grounds of an artifact that one check looks up in the log; each position is one read. */
export const POSITIONS_CHECKED = 50_000
/** Events that an explanation shows of one ground. */
export const EVENTS_SHOWN = 20
/** Acts that a simulation names; it counts all of them. */
export const DENIALS_SHOWN = 500
/** Acts that are kept until the end, when it is known of which tool call and conversation they are. */
export const DENIALS_KEPT = 50_000
/** Simulations that wait or run; each reads a window of the log in a thread of its own, one after the other. */
export const SIMULATIONS_WAITING = 16
/** Results kept, so that a report can name one: the newest. */
export const SIMULATIONS_KEPT = 64
/** Traces of which the conversation is remembered while a window is read. */
export const TRACES_REMEMBERED = 500_000
/** Rows of each list of a result: tools, conversations. */
export const ROWS_SHOWN = 200
/** How often it is looked whether a policy in force has expired, or its profile was contaminated. */
export const SWEEP_MS = 15_000
/** How often it is looked whether clusters hold what was put there: each look asks for every place. */
export const COMPARE_MS = 60_000
/** Judges kept compiled. */
export const JUDGES_HELD = 256
/** Agents of one list: each needs a look at its profile. */
export const AGENTS_LISTED = 100
