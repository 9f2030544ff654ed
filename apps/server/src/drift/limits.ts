/** Different acts of one execution that are kept, the earliest: an agent that loops makes thousands alike. */
export const ACTS_KEPT = 256
/** Amounts of one execution that are told apart by their event; beyond, they add up. */
export const AMOUNTS_KEPT = 512
/** Days before the report that its profile is made of: a half-life is 30 days at most, and what is older hardly counts. */
export const PROFILE_DAYS = 90
/** Days of a report, unless told. */
export const REPORT_DAYS = 30
/** Executions of one day that are read for one answer; the rest of that day is counted. */
export const EXECUTIONS_A_DAY = 50_000
/** Executions that are read in one go, some milliseconds: questions of people are answered between. */
export const EXECUTIONS_A_STEP = 100
/** Rows of one page of the store. */
export const PAGE_ROWS = 10_000
/** Recorded changes and verdicts of one agent that are held against what it did. */
export const CHANGES_READ = 10_000
export const DECISIONS_READ = 10_000
/** Agents whose days are held between two questions. */
export const AGENTS_HELD = 64
/** Agents looked at in one round of signals; the others come in the next. */
export const AGENTS_A_ROUND = 20
/** Agents of one list. */
export const AGENTS_READ = 10_000
/** After the log grew: rounds of signals wait that long, so that one long import is one round. */
export const ROUND_MS = 5_000
/** How far a live source's clock may be from ours before what it claims says nothing about a day. */
export const CLOCK_NANOS = 86_400_000_000_000n
/** Signals given at once. */
export const SIGNALS_SHOWN = 500
/** Days before a silent one that say whether the stream speaks every day, and how many of them it must have spoken on. */
export const RHYTHM_DAYS = 14
export const RHYTHM_LEAST = 10
/** A live agent that spoke every day and has not for that long is silent. */
export const SILENT_HOURS = 26
/** Lines of the stream that are held in memory; older ones only the log has. */
export const SIGNALS_KEPT = 10_000
/** Rounds that wait while incidents are still being judged. */
export const WAITS_FOR_JUDGE = 24
/** Repositories of one Git host that are listened to. */
export const GIT_REPOSITORIES = 500
/** Bytes of one webhook: a push of thousands of commits is larger, and tells of a merge in another call. */
export const GIT_BODY_BYTES = 1_048_576
/** Between two looks at a cluster: well within the ten minutes that a change may be told late. */
export const CLUSTER_LOOK_MS = 30_000
/** Workloads that one ConfigMap is a change of. */
export const CONFIG_MAPS_OF_A_WORKLOAD = 50
