/** Bounds of the proxies. What a bound drops of the record is counted; what passes is never held back by one. */

/** Entries that wait in memory for the server or the disk: seconds of the busiest session. */
export const MEMORY_BYTES = 64 * 1024 * 1024

/** Above this the waiting entries go to disk although a batch is still on its way: the server answers too slowly. */
export const SPILL_BYTES = 16 * 1024 * 1024

/** Bytes on disk of all proxies that share a spool: hours of a busy host while the server is away. */
export const SPOOL_BYTES = 256 * 1024 * 1024

/** One batch, unless a single entry is larger: what the server stores in one go. */
export const BATCH_BYTES = 1024 * 1024
export const BATCH_ENTRIES = 512

/** The largest entry that a log holds, with its frame. A larger message passes and is counted as lost. */
export const ENTRY_BYTES = 15 * 1024 * 1024

/** Longest wait of an entry in memory before it is sent; short, so that live views stay live. */
export const SEND_DELAY_MS = 50

/** Wait before the next try while the server is away; it doubles up to the second. */
export const FIRST_RETRY_MS = 250
export const LAST_RETRY_MS = 10_000

/**
 * How long a proxy that ends waits for the server; what is not delivered by then is on disk. Clients end a server that
 * they started by SIGTERM after two seconds and by SIGKILL two seconds later; who supervises one that listens gives it
 * ten seconds at least.
 */
export const CLOSE_MS = 3_000
export const LISTENING_CLOSE_MS = 8_000

/**
 * Tries within that time, and the rest between them: a connection that the server closes at the moment of its use fails
 * once, though the server is there.
 */
export const CLOSE_TRIES = 3
export const CLOSE_RETRY_MS = 100

/** Messages above this pass without a trace context of ours: to look for its place takes too long. */
export const INJECT_BYTES = 4 * 1024 * 1024

/** How long a message that is made up may take through the proxy itself: it goes nowhere else. */
export const CANARY_MS = 5_000

/** Orders that one proxy carries out: an incident gives a handful. More are refused, which the server is told. */
export const MAX_ORDERS = 256

/** Patterns that are kept compiled: of guarded arguments, and eight of each of 64 classes of data. */
export const MAX_PATTERNS = 600

/** How long the server may wait with its answer while nothing changes, and how long before it is taken for gone. */
export const ORDERS_WAIT_MS = 20_000

/** Wait before orders are asked for again while no server answers; it doubles up to the last. */
export const ORDERS_FIRST_RETRY_MS = 250
export const ORDERS_LAST_RETRY_MS = 2_000

/** Characters of the field that proves a giver's name: two names of 600, and what is of fixed length, in base64. */
export const HAND_OVER_FIELD_BYTES = 6_000

/** How old a giver's proof may be, and how far ahead: what clocks of two machines differ. */
export const PROOF_AGE_MS = 300_000

/** How long the other end's word holds once it proved its name, and how soon it is asked again where it did not. */
export const PROOF_FRESH_MS = 60_000
export const PROOF_RETRY_MS = 1_000

/** How long it may take to prove its name: the client waits meanwhile. */
export const PROVE_MS = 5_000

/** Bytes of its answer. */
export const PROVE_BYTES = 64 * 1024

/** Numbers of proofs that are kept until they are too old: some hundred hand-overs a second. */
export const MAX_NONCES = 100_000

/** Bytes of what one memory was told to keep for a time: some fifty thousand texts. Past it nothing more of that kind is written. */
export const LEDGER_BYTES = 16 * 1024 * 1024
