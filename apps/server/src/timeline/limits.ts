/** Entries looked through between two pauses: at worst each is a deed. */
export const ENTRIES_PER_STEP = 5_000
/** Places kept by what they name: at some 100 bytes each 50 MB, and a busy year of deeds. What lies before is counted. */
export const PLACES_KEPT = 500_000
/** Moments of one answer unless told, the newest. */
export const MOMENTS_LISTED = 500
