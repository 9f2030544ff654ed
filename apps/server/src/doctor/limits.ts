/** Agents whose coverage is judged one by one, the most recently heard first. */
export const AGENTS_JUDGED = 50
/** Agents for whom the six artifacts are derived: each is a graph. */
export const EVIDENCE_AGENTS = 20
/** Newest conversations of an agent looked through for one that is small enough to be derived in passing, and has calls. */
export const EVIDENCE_CONVERSATIONS = 50
/** Log entries of a conversation beyond which the doctor does not derive it: about half a second of work. */
export const EVIDENCE_ENTRIES = 5_000
/** Reasons named of one artifact. */
export const REASONS_SHOWN = 2
/** Pages of the newest events of one kind that the coverage of model calls is counted over, and events in each: some 10,000 entries. */
export const COVERAGE_PAGES = 2
export const COVERAGE_ROWS = 1_000
/** What is told of a connection comes after it: the longest call that is waited for, and the delay of an exporter. */
export const SETTLED_SECONDS = 120
/** A trace that stood still for so long is not waiting for the spans that enclose the others, which end last. */
export const STILL_MINUTES = 10

/** For so long one answer is good enough for a gauge and a probe: they are asked again and again. */
export const DOCTOR_KEPT_MS = 60_000
/** Days for which an incident may have to be read back. */
export const RETENTION_DAYS = 30
/** Days of disk below which there is no time left to act. */
export const RUNWAY_FAIL_DAYS = 3
