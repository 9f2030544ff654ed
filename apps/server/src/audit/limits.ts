/** Conversations of one row: an incident of more is a storm, and its first ones tell as much. */
export const CONVERSATIONS_PER_ROW = 32
/** Rows that one id is answered with; a name that stands in more is no id. */
export const ROWS_PER_ID = 50
/** Log entries that are looked at for one call id or name; their segments are found by the index. */
export const ENTRIES_PER_ID = 20_000
/** Log entries judged for one page of violations; the cursor goes on from there. */
export const ENTRIES_PER_PAGE = 20_000
/** Pages of violations through which one artifact's are sought: 400,000 entries, some seconds. */
export const PAGES_PER_ARTIFACT = 20
/** Entries judged before others have their turn. */
export const ENTRIES_PER_TURN = 500
/** Rows of one page. */
export const PAGE = 100
/** Gap records of one row. */
export const GAPS_PER_ROW = 50
/** A gap is written down within this time of its end: the sender counts it and says so with its next batch. */
export const GAP_DELAY_NS = 600_000_000_000n
/** Incidents of one conversation that are named. */
export const INCIDENTS_PER_ID = 20
/** Agents whose platform is looked up for one row. */
export const AGENTS_PER_ROW = 16
/** Conversations of an agent in which a socket that the kernel saw is sought. */
export const CONVERSATIONS_LOOKED_IN = 20
