/** Entries of one case that are read when it is judged: about a second of work. What is beyond is counted as unread. */
export const JUDGED_ENTRIES = 8_000
/** Bytes of them: one entry may be a whole request. */
export const JUDGED_BYTES = 64 * 1024 * 1024
/** Conversations that hand-overs put into one case, and cases that identities put into one incident. */
export const CONVERSATIONS_JOINED = 32
/** Traces looked up under one key that joins, and keys of one trace. */
export const JOINED_TRACES = 64
/** Writes of one memory record that are named as its origin. */
export const WRITES_READ = 64
/** Repeats of one incident whose evidence is kept whole; of more, the strongest signal, and the rest is read again when asked. */
export const REPEATS_KEPT = 100
/** Rows of one agent in the list of all: an agent that makes incidents by the thousand must not hide another's. */
export const ROWS_PER_AGENT = 50
/** Agents of which rows are listed. */
export const AGENTS_LISTED = 2_000
/** What judging may take of the time while the log grows: folding goes first. */
export const JUDGE_SHARE = 0.25
/** Milliseconds of judging in one go while the log stands still, so that questions wait no longer. */
export const JUDGE_SLICE_MS = 50
/** A case that changes all the time rests this many times as long as its judgement took. */
export const JUDGE_REST = 4
/** Cases whose rests are remembered. */
export const RESTS_KEPT = 10_000
/** Cases that wait to be judged are counted up to here. */
export const WAITING_COUNTED = 10_000
/** Conversations of one incident whose graphs are read for its own. */
export const GRAPHS_READ = 8
/** Nodes of an incident's graph. */
export const NODES_SHOWN = 300
