/** Bytes of requests that wait to be passed on: some minutes of a busy host, and little beside what the server takes anyway. */
export const QUEUE_BYTES = 64 * 1024 * 1024
/** Bytes of a request from which on its copy lies in memory that is used again, in steps that would waste much on smaller ones. */
export const POOLED_FROM_BYTES = 96 * 1024
/** Requests that wait: small ones are held by their number, so that the queue's own objects stay small. */
export const QUEUE_REQUESTS = 10_000
/** Requests that are under way at once: at 100 ms to the endpoint, 80 a second. */
export const AT_ONCE = 8
/** One request from name to answer: the largest body over a slow line. */
export const SEND_MS = 30_000
/** A request that fails and is older than this is given up: one that an endpoint can never take must not hold its place for ever. */
export const GIVEN_UP_AFTER_MS = 30 * 60 * 1000
/** Collectors come back in seconds; one that asks for a longer pause than ten minutes is asked again then. */
export const FORWARD_PACE = { firstMs: 1_000, factor: 2, longestMs: 60_000, longestAskedMs: 10 * 60 * 1000 } as const
/** What a server that ends gives to what still waits. It stops listening before, so nothing comes in meanwhile. */
export const DRAIN_MS = 5_000
/** Servers that a request may have come through; real chains have two or three. */
export const MAX_HOPS = 8
/** Of the file of headers: a handful of tokens. */
export const HEADERS_FILE_BYTES = 32 * 1024
export const MAX_HEADERS = 32
