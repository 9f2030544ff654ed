/** Agents that were not admitted, kept at hand and told in one answer: the newest; the log has them all. */
export const NOT_ADMITTED_SHOWN = 100

/** Names of agents that were not admitted, counted in memory; past it each question about them reads the log. */
export const NOT_ADMITTED_NAMES = 10_000

/** How old the proof of an agent's name may be, and how far ahead: what clocks of two machines differ. */
export const PROOF_AGE_NANOS = 300_000_000_000n

/** Agents and approvals in one roster: a document that is imported must not fill the log in one call. */
export const ROSTER_MOST = 5_000

/** Rows of the risk register in one answer. */
export const RISK_ROWS = 20_000
