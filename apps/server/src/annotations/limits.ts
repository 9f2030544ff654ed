/**
 * Annotations kept in memory, the newest saved: at 4,000 characters each at most 80 MB, and a fleet's year of notes. Older ones are
 * in the log alone, and lists say how many.
 */
export const ANNOTATIONS_KEPT = 20_000
/** Of them in one answer unless told. */
export const ANNOTATIONS_LISTED = 200
