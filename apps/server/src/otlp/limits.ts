/** Bounds of the OTLP listeners: the defaults of the product's reliability table. What they refuse is counted. */

/** Bytes of a request body as received. Exporters send below 1 MiB; a Collector's largest batches reach about 10. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024
/** Bytes of a request body once inflated, counted while it is inflated. */
export const MAX_INFLATED_BYTES = 64 * 1024 * 1024
/** Bytes held by all requests of a listener that are being read or wait for the disk. */
export const MAX_IN_FLIGHT_BYTES = 256 * 1024 * 1024
/** Of these, the most one address may hold: half, so that a flood from one leaves room for the others. */
export const MAX_IN_FLIGHT_BYTES_PER_SENDER = 128 * 1024 * 1024
/** Largest body whose memory is kept for the next one; larger ones are rare, and their memory goes back at once. */
export const MAX_POOLED_BODY_BYTES = 2 * 1024 * 1024
/** Memory kept for bodies to come: a batch of each of a few dozen senders. */
export const POOL_BYTES = 32 * 1024 * 1024
/** Bytes of one agent or key that may wait for the disk. */
export const MAX_QUEUED_BYTES_PER_SENDER = 64 * 1024 * 1024
/** Bytes of a refused body that are read and thrown away, so that its sender comes to read why: eight times the bound. */
export const MAX_DISCARDED_BYTES = 128 * 1024 * 1024
/** Connections of one address. */
export const MAX_CONNECTIONS_PER_ADDRESS = 256
/** A request's header must be complete within this time; on gRPC a connection must begin its first call. */
export const HEADER_TIMEOUT_MS = 10_000
/** A connection on which nothing moves is closed. */
export const IDLE_TIMEOUT_MS = 60_000
/** A whole request, however slowly it keeps moving. */
export const REQUEST_TIMEOUT_MS = 120_000
/** Calls at once on one gRPC connection; exporters use one. */
export const MAX_CALLS_PER_CONNECTION = 64
/** What a refused sender is asked to wait. The disk catches up in milliseconds; a second spreads the retries. */
export const RETRY_AFTER_SECONDS = 1
/** log2 of the window of a zstd frame: 8 MiB, what RFC 8878 asks every decoder to support. */
export const ZSTD_WINDOW_LOG = 23
/** Bytes that a decoder hands over at once. */
export const INFLATE_CHUNK_BYTES = 256 * 1024
