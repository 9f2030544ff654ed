/** A stop waits 10 s for its tasks to end, and the probe may wait as long again for a loaded machine. */
export const APPLY_TIMEOUT_MS = 30_000
/** Agents that one person may contain in a minute: an incident's worth, not a fleet's. */
export const CONTAINED_A_MINUTE = 10
/** Containments that are known by their last step, and as many may be in force; the log has all. What is over is forgotten first, and counted. */
export const CONTAINMENTS_KEPT = 10_000
/** Conversations of an agent whose evidence is looked at before a kill; one that has more counts as incomplete. */
export const CONVERSATIONS_LOOKED_AT = 100
/** Steps named of one containment, the newest: a rung has three, and each further try one or two. */
export const STEPS_KEPT = 50
