/** The largest body that is read: far above any prompt of a test, below what would trouble the test's machine. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024

/** Requests kept for inspection; a test looks at dozens. Older ones are dropped and counted. */
export const MAX_KEPT_REQUESTS = 250

/** Responses that `previous_response_id` can name, and call ids whose tool is remembered. */
export const MAX_REMEMBERED = 10_000

/** Dimensions of an embedding when the request names none, as `text-embedding-3-small` has by default. */
export const EMBEDDING_DIMENSIONS = 1_536

/** The most dimensions that a request may ask for; the largest hosted model has 3,072. */
export const MAX_EMBEDDING_DIMENSIONS = 3_072
