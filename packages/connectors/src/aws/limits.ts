/** How long one answer may take, and a connection to be made. */
export const ANSWER_MS = 10_000
export const CONNECT_MS = 5_000

/** Tries of one request by the client of AWS, which waits between them where it is throttled. */
export const TRIES = 4

/** Characters of all inline policies of a role together, white space not counted (IAM quota). */
export const ROLE_INLINE_CHARACTERS = 10_240

/** Tags of a role or user, and characters of a value (IAM quota). */
export const MAX_TAGS = 50
export const TAG_CHARACTERS = 256

/** Tags that one hold takes. */
export const TAGS_OF_HOLD = 4

/** Inline policies of one role that are read: their quota is of characters, and the shortest has some 80. */
export const MAX_INLINE_POLICIES = 128

/** Pages of one listing; a page of account details holds a hundred roles and an account 1,000 by default, 5,000 at most. */
export const MAX_PAGES = 100

/** Actions of one request to the policy simulator. */
export const SIMULATED_AT_ONCE = 50

/** Actions on resources that are tried of one step in one region; what is beyond is not confirmed. */
export const SIMULATED_MOST = 1_000

/** How long a probe waits for what IAM calls eventual consistency, and how often it looks. */
export const SETTLE_MS = 30_000
export const SETTLE_EVERY_MS = 1_000

/** A hold without an end still carries one here: a month. */
export const LONGEST_HOLD_MS = 30 * 24 * 3_600_000

/** Assumed credentials are asked for anew so long before they end, and last so long. */
export const ASSUMED_SECONDS = 900
