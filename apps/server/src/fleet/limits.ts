/** Agents looked at for the fleet, the most recently heard first: some seconds of work once, bit by bit. */
export const FLEET_AGENTS = 20_000
/** Milliseconds of reading profiles for one answer: each takes some. What an answer did not get to is said, and read for the next. */
export const STANDINGS_MS = 400
/** For so long one reading of the agents answers everybody who asks: pages ask again with every change of the log. */
export const FLEET_KEPT_MS = 5_000
/** A reading that took long is kept this many times as long: a large fleet may not keep the thread busy. */
export const FLEET_REST = 4
/** Agents read before others have their turn. */
export const ROWS_PER_STEP = 50
/** Agents drawn as tiles: more are too small to be told apart. Every count leads to the whole list. */
export const TILES_SHOWN = 400
/** Tiles that each class has before the rest go by severity: there are seven classes. */
export const TILES_OF_CLASS = 20
/** Agents named as under observation. */
export const OBSERVING_SHOWN = 20
/** Rows of a page of the list unless told. */
export const ROWS_SHOWN = 100
/** Open incidents looked at for their agents: what a list of incidents gives at once. */
export const INCIDENTS_READ = 500
/** Open incidents named with an agent. */
export const INCIDENTS_OF_ONE = 10
/** A live agent of whom nothing was recorded for so long is silent: agents that work by day are heard each day. */
export const SILENT_AFTER_NS = 86_400_000_000_000n
/** Nothing recorded for so long, and the whole of what is received reads silent. */
export const INGEST_SILENT_NS = 3_600_000_000_000n
