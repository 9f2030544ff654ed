/** Positions that are kept as proof of one day's use: the newest. */
export const PROOFS = 8
/** Uses of one principal on one day that a question reads, and documents in all: beyond them the answer says that it is cut. */
export const USES_READ = 20_000
export const DOCUMENTS_READ = 100_000
/** Principals of one agent that are followed. */
export const PRINCIPALS_READ = 1_000
