/** Entries of a case that are read as one context: some seconds of work, done in slices. */
export const JUDGED_ENTRIES = 8_000
/** Bytes of them: one entry may be a whole request. */
export const JUDGED_BYTES = 64 * 1024 * 1024
/** Such contexts of one case: who talks for long before the deed does not hide it. What is beyond is counted as unread. */
export const JUDGED_PARTS = 8
/** Parts of large cases whose evidence is kept, so that only the last one is read again as a case grows: some megabytes each at most. */
export const PARTS_KEPT = 32
/** Prompts of the first part that the others are held against as well: the task, and what the agent's author said. */
export const OPENING_PROMPTS = 64
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
/** Rows of one kind there: the same deed after the same sentence, whoever the agents are. */
export const ROWS_PER_KIND = 10
/** Kinds of which rows are listed. */
export const KINDS_LISTED = 2_000
/** Rows that are listed where one agent is asked for. */
export const ROWS_OF_ONE = 2_000
/** Rows of the list of all are counted up to here. */
export const ROWS_COUNTED = 10_000
/** What judging may take of the time while the log grows: folding goes first. */
export const JUDGE_SHARE = 0.25
/** Milliseconds of judging in one go while the log stands still, so that questions wait no longer. */
export const JUDGE_SLICE_MS = 50
/** Milliseconds for which one of two cases that are being read has its turn. */
export const CASE_SLICE_MS = 10
/** A case that took more than this no longer keeps others waiting: the next one is begun beside it. */
export const LARGE_CASE_MS = 100
/** A case that changes all the time rests this many times as long as its judgement took, and no longer than that. */
export const JUDGE_REST = 4
export const JUDGE_REST_MS = 5_000
/** Waiting traces of one agent among which the one that changed last is looked for: weeks of an import wait as well. */
export const NEWEST_LOOKED = 4_000
/** Waiting traces of one agent that are looked at for one that may be judged, and agents, before others have their turn. */
export const MARKS_LOOKED = 8
export const AGENTS_LOOKED = 64
/** Milliseconds until those are looked at that were not: all that was looked at rests. */
export const LOOK_AGAIN_MS = 50
/** Folded batches of which the time is remembered, to say how long an entry waited: some minutes of the quickest. */
export const FOLDS_REMEMBERED = 4_096
/** Confirmed holds that are at hand, some 10 MB: years of holding. Of more every question reads the log. */
export const CONFIRMED_HOLDS_KEPT = 100_000
/** Cases whose rests are remembered. */
export const RESTS_KEPT = 10_000
/** Cases that wait which are no backlog: what happens now is judged at once, whoever asks. */
export const BACKLOG_CASES = 256
/** Cases that wait to be judged are counted up to here. */
export const WAITING_COUNTED = 10_000
/** Conversations of one incident whose graphs are read for its own. */
export const GRAPHS_READ = 8
/** Nodes of an incident's graph. */
export const NODES_SHOWN = 300
/** Reports of one conversation that are read: each is a person's act. */
export const REPORTS_READ = 100
/** Reports that are looked through for those that were not taken back. */
export const REPORTS_LOOKED = 10_000
/** Items of a corpus whose shares are compared, and versions of one that are kept, the earliest. */
export const ITEMS_READ = 20_000
export const VERSIONS_KEPT = 64
/** Cases of one agent that are judged again because its past came late, the newest: some seconds of work. */
export const LATE_CASES = 500
/** What comes this late and of a day before changes what a case is held against. */
export const LATE_NANOS = 3_600_000_000_000n
/** Incidents that are held as they were read, some megabytes each at most: those that people look at now. */
export const INCIDENTS_HELD = 8
/** Harmful acts of one incident whose times are told: enough for the pace of any. */
export const HARMFUL_ACTS_SHOWN = 1_000

/** Traces of an incident by whose names it is found as well: those that its signals are of. */
export const TRACES_NAMED = 24
