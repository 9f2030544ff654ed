/** Agents looked through for the one with the most records, where nobody named one. */
export const AGENTS_LOOKED_AT = 200
/** Other agents whose classes are held against the agent's own: each is an inventory to read. */
export const PEERS_READ = 6
/** Entries of a profile, and proofs of each, that a chart is shown to rest on. */
export const CHART_ENTRIES = 5
export const CHART_PROOFS = 4
/** Gap records kept in memory, newest last; what is older is counted, and an answer about that time says so. */
export const GAPS_KEPT = 20_000
/** Gap records read before others have their turn. */
export const GAPS_PER_TURN = 500
/** Segments of a day read before others have their turn. */
export const SEGMENTS_PER_TURN = 2_000
/** Days that are made up for after the server was away; days before them have no statement, and a list says so. */
export const DAYS_MADE_UP = 31
/** Statements kept parsed, for who was to be heard; more than a stream is waited for. */
export const STATEMENTS_KEPT = 40
/** How often is looked whether a day is over, or an audit due. */
export const LOOK_EVERY_MS = 300_000
/** After midnight, what was under way is let in before the day is signed. */
export const DAY_GRACE_MS = 60_000
/** Audits and statements in one list. */
export const LIST_MOST = 500
/** Agents that a schedule of every agent reaches, those heard last: as many as a schedule may name, and as one page holds. */
export const AGENTS_SCHEDULED = 1_000
/** Agents that one look of the schedule audits: the rest is due at the next. */
export const AUDITS_A_LOOK = 20
/** Entries that an export pack holds at most. */
export const PACK_ENTRIES = 20_000
/** Acts judged in one look for violations: a part of a second. The next look goes on. */
export const JUDGED_A_LOOK = 4_000
/** How often it is looked for new acts to judge: about what a violation waits for its record. */
export const JUDGED_EVERY_MS = 15_000
/** Violations that one record names; beyond, it counts them. */
export const VIOLATIONS_A_RECORD = 200
/** Acts judged before others have their turn. */
export const JUDGED_PER_TURN = 200
/** Log entries whose segments are listed at once on the way back. */
export const JUDGED_WINDOW = 100_000
/** Violations kept of one agent, the newest: the audit lists them all. */
export const VIOLATIONS_KEPT = 500
/** Refused acts that are sought among what another agent did. */
export const DENIALS_COMPARED = 20
/** Other agents whose envelopes are held beside the agent's own. */
export const OTHER_ENVELOPES = 20
/** Log positions of grounds that a verdict is handed; it shows the first of them. */
export const GROUND_POSITIONS = 200
