/** Finished spans waiting to be sent; the default of OTEL_BSP_MAX_QUEUE_SIZE. What comes on top is dropped and counted. */
export const MAX_QUEUED_SPANS = 2048

/** Spans in one request; the default of OTEL_BSP_MAX_EXPORT_BATCH_SIZE. */
export const MAX_BATCH_SPANS = 512

/** Characters of the attributes of all queued spans: long conversations repeat their whole history in each model call. */
export const MAX_QUEUED_CHARS = 64_000_000

/** Characters of the attributes in one request, unless a single span has more: receivers bound the bodies they take. */
export const MAX_BATCH_CHARS = 4_000_000

/** Longest wait of a finished span before it is sent; shorter than the standard 5 s, so that live views stay live. */
export const SEND_DELAY_MS = 1000

/** Time for one request, answer included; the default of OTEL_EXPORTER_OTLP_TIMEOUT. */
export const SEND_TIMEOUT_MS = 10_000

/** Attempts at one request. A receiver that is still busy after the last one costs the batch, which is counted. */
export const MAX_SEND_ATTEMPTS = 4

/** Wait before the second attempt; it doubles with each. */
export const FIRST_RETRY_MS = 200

/** No receiver may hold us longer than this with Retry-After: the process may be on its way out. */
export const MAX_RETRY_MS = 5000

/**
 * Characters of one text attribute: a whole context window of the largest models fits, a batch of images in base64 does
 * not. What is cut is named in `holdfast.truncated_attributes`.
 */
export const MAX_ATTRIBUTE_CHARS = 4_000_000

/** Traces whose context is remembered, for spans that end late; far above what one process runs at once. */
export const MAX_TRACES = 2000

/** Tool calls that a model asked for and no tool has finished yet, per trace. */
export const MAX_PENDING_CALLS = 256

/** Digest bytes of a document are computed here only below this size; larger ones must bring their digest along. */
export const MAX_DIGESTED_CHARS = 16_000_000

/** Spans of the library that have started and not ended, in all traces. */
export const MAX_OPEN_SPANS = 10_000

/** Socket reports waiting to be sent; what comes on top is dropped and counted. */
export const MAX_QUEUED_REPORTS = 2048

/** Socket reports in one request. */
export const MAX_BATCH_REPORTS = 512

/** Longest wait of a report: short, because what waits when an agent calls `process.exit` is lost. */
export const REPORT_DELAY_MS = 100

/** Time for one request with its answer; an agent that ends waits this long at most for a receiver that hangs. */
export const MAX_REPORT_ANSWER_MS = 2000

/** Spans that one kept-alive socket is reported for; a pool's socket may serve thousands. */
export const MAX_SPANS_PER_SOCKET = 4096

/** Packages of one process that are told; large agents load some hundreds. */
export const MAX_LOADED_PACKAGES = 4096

/** Packages in one record. */
export const MAX_LOADED_REPORT = 128

/** Wait after the first new package, so that those that come with it are told together. */
export const LOADED_DELAY_MS = 250
