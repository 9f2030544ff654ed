/** Bounds of reading a proxy's batch; a proxy ends batches far below them, unless one entry is larger. */

export const MAX_PROXY_ENTRIES = 4_096

/** Of the header: what the environment of an agent may say of it. */
export const MAX_PROXY_HEADER_BYTES = 65_536

/** One entry: the bound of every content item. */
export const MAX_PROXY_ENTRY_BYTES = 16 * 1024 * 1024

/** Distinct terms of one batch: a handful for each entry. */
export const MAX_PROXY_TERMS = 20_000

/** Resource attributes that are kept, and characters of each. */
export const MAX_PROXY_ATTRIBUTES = 128
export const MAX_PROXY_TEXT = 1_024

/** Bytes of an HTTP exchange in which its trace is looked for: its head. */
export const EXCHANGE_HEAD_BYTES = 65_536
