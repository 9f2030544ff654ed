/** Rows read for one answer; a page of the store's own bound is read at a time. */
export const ROWS_READ = 2_000_000
/** Rows of one page: what the store gives at once, at most. */
export const PAGE_ROWS = 50_000
/** Entries of a profile in one page of the list. */
export const ENTRIES_SHOWN = 1_000
/** Proofs in one page. */
export const PROOFS_SHOWN = 100
/** Marks of one agent that are read: each is an operator's decision. */
export const MARKS_READ = 10_000
/** Changes of one agent that a chart shows as ticks: the newest. */
export const CHANGES_SHOWN = 2_000
/** Agents looked at for the list of who is under observation. */
export const AGENTS_READ = 10_000
/** How far a live source's clock may be from ours before what it claims says nothing about a day. */
export const CLOCK_NANOS = 86_400_000_000_000n
/** Profiles kept between two questions, so that the pages of one chart are read from the store once. */
export const PROFILES_HELD = 16
