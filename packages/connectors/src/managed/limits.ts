/** How long one answer of a provider may take. */
export const ANSWER_MS = 20_000
/** Agents of one platform that are read; the default quotas of all three lie below. */
export const AGENTS_MOST = 1_000
/** Pages of one listing. */
export const PAGES_MOST = 50
/** Characters of one answer that are read; agents with all their instructions have some hundred thousand. */
export const ANSWER_CHARACTERS = 16 * 1024 * 1024
/** Records of telemetry that one reading takes; where there are more, its window is read in halves. */
export const RECORDS_MOST = 20_000
/** Readings of telemetry in one sweep, which is held in memory: what is beyond them waits for the next. */
export const WINDOWS_MOST = 16
/** A window is halved down to this: 20,000 records in so short a time are more than any of the three lets through. */
export const NARROWEST_MS = 1_000
/** Changed fields of one call that a report names. */
export const FIELDS_NAMED = 50
/** Levels of an answer whose fields are compared with what is known. */
export const DEPTH = 4
