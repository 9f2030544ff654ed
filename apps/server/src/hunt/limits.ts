/** Events in a chunk that is left alone: decoded it takes a third of a megabyte, and a million events are 250 of them. */
export const CHUNK_ROWS = 4_096
/** Chunks below this many events are put together with those after them: a trickle makes one for each record. */
export const SMALL_ROWS = 512
/** Small chunks that stand side by side until they are put together. */
export const SMALL_CHUNKS = 8
/** Characters of one name in a chunk; a longer one is cut, and its event has the whole. */
export const NAME_CHARACTERS = 1_000
/** Events that one answer looks through; the next goes on where it stopped. */
export const SCAN_EVENTS = 4_000_000
/** Log entries that one answer reads to look into their texts: about two seconds of work in slices. */
export const TEXT_ENTRIES = 20_000
/** Bytes of decoded chunks kept in memory between two questions: about 800,000 events. */
export const CHUNKS_HELD_BYTES = 64 * 1024 * 1024
/** Distinct values counted of one field in one answer; what is beyond is counted together. */
export const VALUES_COUNTED = 100_000
/** Values of a field shown unless told. */
export const VALUES_SHOWN = 10
/** Bars of the histogram. */
export const BARS = 96
/** Cases read for who belongs to which incident; beyond, the answer says so. */
export const CASES_READ = 5_000
/** Rows of one answer unless told. */
export const ROWS_SHOWN = 200
/** Saved views kept; a workspace of a hundred analysts has fewer. */
export const SAVED_VIEWS = 1_000
/** Entries read for their texts before other questions get their turn. */
export const TEXT_READS_PER_STEP = 64
