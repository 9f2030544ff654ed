/** Incidents of cases that are looked at before a profile is brought back; with more, none is: one of the others may have tainted it. */
export const CASES_LOOKED = 200
/** Incidents that are named as come back; the others are counted. */
export const RECURRENCES_SHOWN = 16
