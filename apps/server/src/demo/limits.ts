/** Demos that are listed, the latest first; older ones are in the log. */
export const DEMOS_SHOWN = 20
/** Incidents looked through for those of a demo: one has a handful. */
export const INCIDENTS_READ = 500
/** Records of how far a story is that one demo may make: a story has five states. A program that says more is at fault. */
export const STEPS_PER_DEMO = 64
