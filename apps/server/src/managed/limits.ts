/** How often platforms are read: their calls are throttled, and an agent is changed by hand. */
export const SWEEP_MS = 300_000
/** Telemetry is asked for again from so long before the last sweep: a provider may file a record late. Known ones are duplicates. */
export const OVERLAP_MS = 20 * 60_000
/** How far back the first sweep asks. */
export const FIRST_MS = 3_600_000
/** The clock that containment is held to, from the act to its end (requirements, containment). */
export const CLOCK_MS = 60_000
