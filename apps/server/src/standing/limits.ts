/** Incidents whose owner is kept in memory, the newest taken: a fleet's year of them. Of older ones the log alone tells. */
export const OWNERS_KEPT = 20_000

/** Traces of an incident that are looked at for their end, and log entries of each: it is asked whenever somebody looks. */
export const TRACES_LOOKED_AT = 16
export const ENTRIES_OF_TRACE = 2_000
