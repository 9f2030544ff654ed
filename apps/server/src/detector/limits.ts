/** Decisions on incidents that are learned from, the latest first. */
export const DECISIONS_READ = 2_000
/** Words on incidents that are looked through for them: one may be said and taken back again and again. */
export const DECISIONS_LOOKED = 20_000
/** Confirmed or dismissed incidents that one training reads: some minutes of work at worst, between which others are answered. */
export const CASES_LEARNED = 500
/** Ordinary cases that a version is held against: the latest that nobody complained of. */
export const ORDINARY_READ = 200
/** Conversations that are looked through for them. */
export const CONVERSATIONS_LOOKED = 2_000
/** Entries of one case that are read to learn from. */
export const CASE_ENTRIES = 2_000
