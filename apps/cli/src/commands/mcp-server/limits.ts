/** Characters of one captured text in an answer: an assistant reads many answers, and the whole text has its page. */
export const CAPTURED_CHARACTERS = 2_000

/** Rows of one list in an answer; what is beyond is counted. An assistant asks again with a narrower question. */
export const ROWS = 100

/** Bytes of one request over HTTP: arguments are ids and times. */
export const REQUEST_BYTES = 64 * 1024
