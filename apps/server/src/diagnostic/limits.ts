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
