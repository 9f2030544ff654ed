/** Between two tries of an agent that stays. */
export const PULSE_MS = 1_000
/** An answer of the private network takes less than a millisecond; what takes so long does not come. */
export const CONNECT_MS = 1_000
/** Until an agent that stays has acted, on a machine with other work. */
export const ACTED_WITHIN_MS = 180_000
/** Between two looks at what another process writes. */
export const LOOK_MS = 500
/** Until a plan is settled: every step of it confirmed, failed or released. */
export const SETTLED_WITHIN_MS = 120_000
/** Tries of its outside of a held agent that are looked at. */
export const PULSES_LOOKED = 5
/** Between two looks of a server at how far its clock is moved. */
export const CLOCK_READ_MS = 250
/** Seconds that an agent stays, at most: it has to outlive the response, and nothing else. */
export const STAYS_SECONDS = 1_200
/** Until what was recorded is folded and looked at, on a machine with other work. */
export const SEEN_WITHIN_MS = 180_000
