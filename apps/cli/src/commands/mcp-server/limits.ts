/** Characters of one captured text in an answer: an assistant reads many answers, and the whole text has its page. */
export const CAPTURED_CHARACTERS = 2_000

/** Rows of one list in an answer; what is beyond is counted. An assistant asks again with a narrower question. */
export const ROWS = 100

/** Bytes of one request over HTTP: arguments are ids and times. */
export const REQUEST_BYTES = 64 * 1024

/** Access tokens of which it is remembered what they were exchanged for: assistants of a team, each with a few in an hour. */
export const TOKENS_EXCHANGED = 1_000
