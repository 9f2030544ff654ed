/** Goals that one set of weights holds, and of one agent: a tenant that confirms by the hundred pushes out its own alone. */
export const MAX_GOALS = 512
export const MAX_GOALS_OF_AGENT = 64
/** Words of a goal, the weightiest first: an order names a few things. */
export const MAX_GOAL_WORDS = 24
/** Destinations of a goal, and words of its tools' names. */
export const MAX_GOAL_DESTINATIONS = 8
export const MAX_GOAL_DEEDS = 8
/** Characters of a tool's word that are kept readable. */
export const MAX_DEED_CHARS = 40
/** What a call names, at most: long letters name hundreds of things, of which the first say what it is about. */
export const MAX_TRAITS = 200
/** Cases that a data card names where a goal would call them. */
export const MAX_CASES_NAMED = 5
/** Ids of confirmed incidents that a goal remembers by name; more are counted. */
export const MAX_GOAL_INCIDENTS = 16
