/** Agents whose past is held between two cases: judging goes from agent to agent. */
export const PASTS_HELD = 32
/** How long a past is used again for cases that began after it was read; what comes late is then taken in. */
export const PAST_MS = 10_000
/** Days with anything observed before a profile says what is new. */
export const LEAST_DAYS = 3
/** Days with traffic that a dimension must have stopped growing for, and days that a profile must span. */
export const SETTLED_DAYS = 7
export const SPAN_DAYS = 14
/** Recorded changes of one agent that are held against a case, the newest. */
export const CHANGES_HELD = 1_000
/** Uses of one principal on one day: beyond, its resources are too many to call one new. */
export const USES_READ = 5_000
/** Agents whose files are looked through for one that is shared, and files of one. */
export const AGENTS_ASKED = 200
export const FILES_ASKED = 2_000
/** Agents that act as one identity whose grants are looked at: each is a report of its own, and few share an identity. */
export const SCOPES_ASKED = 4
/** Identities of one agent by which others are found that share them. */
export const PRINCIPALS_ASKED = 32
