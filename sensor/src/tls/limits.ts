/** Bounds of seeing TLS in plain text. What a bound leaves out is told in the coverage of the process. */

/** Bytes read of one table of an ELF file: Node's symbols take 12 MB. */
export const MAX_TABLE_BYTES = 64 * 1024 * 1024
/** Section headers looked at; a large program has a hundred. */
export const MAX_SECTIONS = 4_096
/** Characters of a section's name that are read; those that matter here are short. */
export const MAX_SECTION_NAME = 64
/** Places of one function's name in a table of texts: as the end of longer names it has a handful. */
export const MAX_NAME_PLACES = 64
/** Bytes of a program that are searched for the marks of TLS libraries; a Bun or Go program has up to 150 MB. */
export const MAX_SEARCHED_BYTES = 256 * 1024 * 1024
/** Bytes of /proc/PID/maps that are read: a browser's takes 1 MB. */
export const MAX_MAPS_BYTES = 4 * 1024 * 1024
/** Files that are remembered by inode. */
export const MAX_FILES = 1_024
/** Processes whose coverage is kept. */
export const MAX_PROCESSES = 16_384
/** Connections held at once; of the cgroup with the most the one that was quiet the longest is ended for a new one. */
export const MAX_CONNECTIONS = 4_096
/** Held over all connections; beyond it those of the cgroup with the most are ended, and told as far as they were seen. */
export const MAX_HELD_BYTES = 256 * 1024 * 1024
/** When a process is looked at again for libraries that it loads later: ms after its exec. */
export const LOOK_AGAIN_MS: readonly number[] = [5, 50, 500, 2_000, 10_000, 60_000]
/** A process that was not seen to end is looked for after so long. */
export const SWEEP_MS = 10_000
/** Programs told in one report: what the server takes. */
export const MAX_SIGHTS = 256
/** Libraries told of one process: what the server takes. A process may bring any number of its own. */
export const MAX_LIBRARIES = 64
