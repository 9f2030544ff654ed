/** Characters of an entry's key; a longer one ends in a digest of all of it, so that two long ones stay two. */
export const KEY_CHARS = 240
/** JSON paths of one call's arguments; tools take a handful, and a call may hold a whole document. */
export const ARGUMENT_PATHS = 64
/** Levels of arguments that are looked at: deeper ones are data. */
export const ARGUMENT_DEPTH = 5
/** Members of an object that are fields; one with more is a map whose names are data. */
export const ARGUMENT_FIELDS = 32
/** Characters of arguments that are parsed: what is longer is a document. */
export const ARGUMENT_CHARS = 256 * 1024
/** Characters of a result that are parsed to count its rows. */
export const RESULT_CHARS = 1024 * 1024
/** Tool calls of one execution whose order is kept, the earliest: an agent that loops makes thousands. */
export const CALLS_PER_EXECUTION = 512
/** Amounts of one execution that can be taken out again one by one; beyond, they count and cannot be cut out. */
export const AMOUNTS_PER_EXECUTION = 512
/** Names kept for one address: hosts behind one front share it by the thousand. */
export const NAMES_PER_ADDRESS = 8
/** Characters of an argument that may be a name: longer ones are texts. */
export const VALUE_CHARS = 80
/** Names in the arguments of one call that a profile takes in; a call that holds more holds data. */
export const VALUES_PER_CALL = 32
/** Different names kept of one argument of a tool, the earliest: an argument that takes more takes anything. */
export const VALUES_PER_ARGUMENT = 256
