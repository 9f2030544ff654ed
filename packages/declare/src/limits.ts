/** Characters of one text of a component: what `Component` promises. */
export const TEXT_CHARACTERS = 512
/** Values kept of one detail of a component; the least ones by text, so that it does not matter which came first. */
export const DETAIL_VALUES = 8
/** Names of details kept of one component, the least ones by text: dialects know a handful. */
export const DETAIL_NAMES = 24
/** Cells of one hour of one component. A live hour has at most 180; a replay that goes on for days is folded together. */
export const CELLS_PER_HOUR = 720
/** How soon a component must be seen again to count as in use beside another of its slot: several replicas, a rollout. */
export const ALTERNATION_NANOS = 600_000_000_000n
/** How long before a change of the inventory the record of who made it may lie: the formula of drift (24 h). */
export const CHANGE_BEFORE_NANOS = 86_400_000_000_000n
/** And how long after, because a rollout is often recorded when it is done (10 min). */
export const CHANGE_AFTER_NANOS = 600_000_000_000n
/** Acts from which on a class is derived: fewer say nothing of what an agent is for. */
export const ACTS_TO_CLASSIFY = 5
