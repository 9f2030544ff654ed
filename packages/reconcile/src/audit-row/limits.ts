/** Items of one part of a row: a context window of the longest honest conversations, and what a person can still look through. */
export const ITEMS_PER_PART = 400
/** Characters of one text in a row; the whole lies in the pack, and its digest is of the whole. */
export const TEXT_CHARACTERS = 4_096
/** Characters of all texts of a row together. */
export const ALL_TEXT_CHARACTERS = 1_048_576
/** Acts that one row is about: an incident with more is a flood, of which the first tell as much. */
export const DEEDS = 64
/** Steps up from a kernel act through the processes that led to it. */
export const PROCESSES_UP = 16
/** Plain facts of one item. */
export const FACTS_PER_ITEM = 24
/** Characters of one fact. */
export const FACT_CHARACTERS = 512
/** Events named of one item: a message that stood in fifty calls has fifty tellers twice over. */
export const EVENTS_PER_ITEM = 8
/** Events named of one connection: sockets to one address are one item, and each says itself how much went over it. */
export const EVENTS_PER_CONNECTION = 64
