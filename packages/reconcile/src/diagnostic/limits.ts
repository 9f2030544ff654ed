/** Log positions shown of one piece of evidence: enough to look at, and the count says how many there are. */
export const EVIDENCE_ENTRIES = 20
/** Names listed in a sentence. */
export const NAMES_SHOWN = 5
/** Days of the convergence chart that Q2 asks for (OBS-2). */
export const CHART_DAYS = 14
/** Days of the drift report that Q4 asks for (REC-2). */
export const DRIFT_DAYS = 30
/** Streams told one by one in a day's statement: a few hundred kilobytes; what is beyond is counted. */
export const ATTESTED_STREAMS = 1_000
/** Gaps told one by one in a day's statement; what is beyond is counted. */
export const ATTESTED_GAPS = 200
/** How long a stream that fell silent is still waited for, and told as silent, day by day. */
export const EXPECTED_DAYS = 30
