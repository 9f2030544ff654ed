/** Every bound of the recorder, with the reason for its size. All can be set at {@link Recorder.open}. */
export type RecorderLimits = {
  /**
   * Bytes of bodies and envelopes waiting for the disk, all senders together. Two of the largest inflated requests
   * (64 MiB) must fit beside ordinary traffic; past it the sender is told to wait, since a longer queue is only memory.
   */
  readonly queueBytes: number
  /** Raw bytes of a segment: what one random read must decrypt and inflate, and enough text for zstd to find repeats. */
  readonly segmentBytes: number
  /** Entries of a segment: bounds the leaves blob to 308 KiB. */
  readonly segmentEntries: number
  /** Raw bytes of one transaction: at 1 GB/s of hashing, compressing and writing together it holds the loop for tens of ms. */
  readonly flushBytes: number
  /** Newest entries among which an exact retry is recognised: minutes of the highest measured rate, in 32 MiB at most. */
  readonly dedupeWindow: number
  /** At most this long between signed checkpoints under load (architecture, section 5). */
  readonly checkpointMs: number
  /** Part of the disk that must be free for ordinary appends; control records may use the rest. */
  readonly freeDiskFraction: number
  /** Free bytes below which even control records are refused: room for SQLite to finish what it began. */
  readonly controlReserveBytes: number
  /** How often the free disk is asked for: statfs costs microseconds, but not for each append. */
  readonly diskCheckMs: number
  /** Size of the write-ahead log at which SQLite folds it into the database, in pages of 4 KiB. */
  readonly walPages: number
  /** How long an erasure waits for readers before it answers that the write-ahead log still holds the key. */
  readonly eraseWaitMs: number
  /** How often it is tried meanwhile: readers hold a page for one statement, milliseconds. */
  readonly eraseRetryMs: number
  /** Content of one file of cold storage: a few seconds to write and read back, and a log of terabytes has thousands. */
  readonly coldFileBytes: number
  /** Content that is copied or moved in one go: it holds the thread that acknowledges for tens of ms. */
  readonly coldSliceBytes: number
}

export const DEFAULT_LIMITS: RecorderLimits = {
  queueBytes: 256 * 1024 * 1024,
  segmentBytes: 1024 * 1024,
  segmentEntries: 4096,
  flushBytes: 16 * 1024 * 1024,
  dedupeWindow: 4 * 1024 * 1024,
  checkpointMs: 250,
  freeDiskFraction: 0.02,
  controlReserveBytes: 4 * 1024 * 1024,
  diskCheckMs: 500,
  walPages: 4000,
  eraseWaitMs: 5000,
  eraseRetryMs: 50,
  coldFileBytes: 256 * 1024 * 1024,
  coldSliceBytes: 4 * 1024 * 1024,
}

/** The largest body of one entry: the content item bound of 16 MiB; more would not fit the frame of one segment well. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024
/** Resource and scope of one envelope: as much as one request may carry as received. */
export const MAX_ENVELOPE_BYTES = 16 * 1024 * 1024
/** Terms of one group. A group is at most one request, and a request has at most 10,000 spans with a few terms each. */
export const MAX_GROUP_TERMS = 65_536
/** Characters of one index term (model/entry.ts). */
export const MAX_TERM_CHARACTERS = 300
/** Segment frames larger than this are refused when read: one body at its largest, its masks and its envelope. */
export const MAX_FRAME_BYTES = 64 * 1024 * 1024
/** Rows of one {@link ProjectionStore.scan}: keeps one answer within a few megabytes. */
export const MAX_SCAN_ROWS = 100_000
/**
 * Pages of one projection that its connection keeps in memory, and never gives back. Folding 3,000 entries onto 100,000 took no
 * more CPU time with 16 MiB than with 64, and up to a tenth more for its writes with 8.
 */
export const PROJECTION_CACHE_KIB = 16 * 1024
/**
 * The same of the writer of the log. Recording 250,000 entries took no more CPU time with 16 MiB, or 8, than with 64 (three times
 * each by turns).
 */
export const LOG_CACHE_KIB = 16 * 1024
/** Entries of one bundle; above it the zip would need 64-bit sizes and no responder could read it. */
export const MAX_BUNDLE_ENTRIES = 200_000
/** Parts that one statement of a redaction speaks of: about 120 bytes each, so that a statement stays under a mebibyte. */
export const MAX_STATED_PARTS = 8000

/** A recorded time this far before the previous one is said in the log: order comes from the log, not the clock (FC14). */
export const CLOCK_STEP_NS = 1_000_000_000n
/** How soon a record that found the disk full is tried again. */
export const RETRY_MS = 5000
/** How long closing waits for readers that keep the write-ahead log from being folded. */
export const CLOSE_WAIT_MS = 5000
