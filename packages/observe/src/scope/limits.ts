/** Days of claimed time that a grant has to be idle (requirement 6.4). */
export const WINDOW_DAYS = 30
/** Steps from a principal to a statement: roles that assume roles, groups, aggregated roles. Clouds allow far fewer. */
export const MAX_STEPS = 8
/** Grants of one agent that are resolved; a role with every managed policy of AWS has some 20,000. */
export const MAX_UNITS = 50_000
/** Characters of a pattern that is compared with another; an ARN ends at 2,048. */
export const MAX_PATTERN_CHARS = 2048
/** Characters of one statement's resources that are compared each with each; no policy that AWS takes is longer. */
export const MAX_COMPARED_CHARS = 20_480
/** Parts that one wide grant is split into, and uses that a row lists. */
export const MAX_PARTS = 500
/** Positions of log entries that a row names as its proof; the count says how many there are. */
export const MAX_POSITIONS = 8
/** Active days before the last one that are needed to say that a pattern moved. */
export const DAYS_FOR_PATTERN = 7
/** How far beyond the busiest day before a day goes beyond its bounds (requirement 6.3, B). */
export const BOUND_FACTOR = 1.5
