/** Log positions that one ground of a line names: enough to look at, while the profile counts them all. */
export const GROUND_ENTRIES = 16
/** Lines of one artifact: a policy of more is no policy that anybody can review. */
export const LINES_MOST = 4_096
