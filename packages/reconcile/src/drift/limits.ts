/** Days with anything observed before a profile is complete enough to say what is a change (requirement book, 6.1: 14 at least). */
export const LEAST_DAYS = 14
/** D: a recorded change explains what comes up to a day after it, or ten minutes before it is told (requirement book, 6.3). */
export const CHANGE_BEFORE_NANOS = 24n * 3_600_000_000_000n
export const CHANGE_AFTER_NANOS = 600_000_000_000n
/** An approval that names a part explains its first use for as long as a change waits for its event: it is no coincidence of time. */
export const NAMED_BEFORE_NANOS = 7n * 86_400_000_000_000n
/** B: how far over the 99th percentile of the profile is out of proportion (requirement book, 6.3). */
export const BOUND_FACTOR = 1.5
/** Executions before a percentile of all says where the bound is. */
export const LEAST_EXECUTIONS = 20
/** How long an unexplained change waits for its event, and probable evolution for its review (requirement book, 6.3). */
export const HOLD_DAYS = 7
/** Days over which what grew out of an accepted change (a new tool's orders, a longer prompt's tokens) is that change. */
export const SETTLE_DAYS = 7
/** How far the usual amount must have moved before a change of days ago is why one is out of proportion. */
export const MOVED_LEAST = 1.1
/** Days with traffic over which a dimension must have stopped growing. */
export const SETTLED_DAYS = 7
/** Elements of one execution that are looked at two by two: 48 make a thousand pairs. */
export const ELEMENTS_COMPARED = 48
/** Differently made executions of one day: beyond, the later ones of that day are counted and not judged. */
export const SHAPES_PER_DAY = 2_000
/** Names of executions and log positions that one change keeps; `times` says how many there were. */
export const EXECUTIONS_SHOWN = 8
export const ENTRIES_SHOWN = 16
/** Kinds of work whose usual amounts are kept apart. */
export const SIGNATURES_KEPT = 512
/** Different values of one argument, or documents, that are kept: beyond, the argument takes anything. */
export const VALUES_KEPT = 256
/** Calls before an argument may be a closed list, and how many calls there must be for each value of it. */
export const VALUE_CALLS = 50
export const CALLS_PER_VALUE = 5
/** Retrievals of a week before a share of them says anything, and by how much it must have risen. */
export const SHARE_RETRIEVALS = 30
export const SHARE_TIMES = 2
export const SHARE_RISE = 0.15
/** Changes of one agent in one report; beyond, the earliest stay and the rest is counted. */
export const CHANGES_KEPT = 2_000
/** Characters of a name that is quoted. */
export const QUOTED_CHARS = 120
