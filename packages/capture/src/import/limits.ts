/** Bytes of an archive once unpacked, all files together. The largest public set of runs takes 120 MiB. */
export const MAX_UNPACKED_BYTES = 512 * 1024 * 1024
/** Bytes of one file of an archive. A request body may have as much. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024
/** Files of one archive. */
export const MAX_FILES = 100_000
/** Messages of one run: the longest public run has 300; an agent that loops has thousands. */
export const MAX_MESSAGES_PER_RUN = 100_000
/** Calls of one message that get an id of ours, and calls of one run that wait for their answers; models ask for a few. */
export const MAX_CALLS = 10_000
/** Rejections that are listed; the rest is counted. */
export const MAX_LISTED_REJECTIONS = 1000
/** Bytes and entries of one group: what the recorder compresses and encrypts together. */
export const MAX_GROUP_BYTES = 8 * 1024 * 1024
export const MAX_GROUP_ENTRIES = 10_000
/** Index terms of one group, and characters of one term. */
export const MAX_GROUP_TERMS = 40_000
export const MAX_TERM_CHARS = 300
/** Characters of a file's name inside an archive; paths of real archives stay under 300. */
export const MAX_FILE_NAME_CHARS = 1024
