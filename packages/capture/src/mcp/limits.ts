/** Bounds of following an MCP session. What lies beyond is still passed on and recorded; it is told with less beside it. */

/** Characters of a name, address or id that is repeated in frames. */
export const MAX_FRAME_TEXT = 512

/** Requests of one proxy that wait for their answer; the oldest is forgotten, and its answer says no method. */
export const MAX_PENDING = 4_096

/** Requests and answers of one JSON-RPC batch that are told one by one. */
export const MAX_BATCH_CALLS = 256

/** Tools of one list that are put together; servers have tens, gateways some hundreds. */
export const MAX_LISTED_TOOLS = 4_096

/** Lists under way at once: a page was asked for and the next one not yet. */
export const MAX_OPEN_LISTS = 64

/** Tasks that a later answer may tell the result of. */
export const MAX_TASKS = 1_024

/** Sessions whose state is kept; the longest unused is forgotten and its next list counts as its first. */
export const MAX_SESSIONS = 1_024

/** Tools withheld from one message that are told one by one; the list itself, which is recorded, has them all. */
export const MAX_WITHHELD = 256

/** Reasons of one refused hand-over: two for each end, and both lists. */
export const MAX_HELD_REASONS = 8

/** Items that a memory is told to forget before one message: the client waits meanwhile. */
export const MAX_PURGES = 16

/** Characters of a text that is known again when it comes back: a shorter one is in many that do not mean it. */
export const MIN_KEPT_CHARS = 8
export const MAX_KEPT_CHARS = 16_384

/** How often text that is JSON may hold text that is JSON, when a held item is looked for in it. */
export const MAX_INNER_JSON = 3

/** Characters of an id that a proxy looks for in texts, at least: a shorter one is in many that do not mean it. */
export const MIN_ITEM_CHARS = 3

/** Tools of a pinned catalogue, values of a guarded argument, and tools that write memory, in one order. */
export const MAX_ORDER_LIST = 4_096

/** Characters of a name, URI, value or pattern of an order. */
export const MAX_ORDER_TEXT = 2_048
