/** Incidents whose owner is kept in memory, the newest taken: a fleet's year of them. Of older ones the log alone tells. */
export const OWNERS_KEPT = 20_000
